//! What actions and outcomes of the audit are called, and who acts when no person does.

use super::{Key, Lang, key};
use crate::domain::audit::{Action, ActorKind, Outcome, PORTAL, SYSTEM};

pub const fn action_text(action: Action) -> Key {
    match action {
        Action::AdminSignIn => key("admin-audit-admin-sign-in"),
        Action::AdminSignInRefused => key("admin-audit-admin-sign-in-refused"),
        Action::UserSignIn => key("admin-audit-user-sign-in"),
        Action::SessionEnd => key("admin-audit-session-end"),
        Action::SessionsEnd => key("admin-audit-sessions-end"),
        Action::AuditExport => key("admin-audit-export"),
        Action::PersonalDataErase => key("admin-audit-personal-data-erase"),
        Action::DatabaseRestore => key("admin-audit-database-restore"),
        Action::MailTest => key("admin-audit-mail-test"),
        Action::MailAddress => key("admin-audit-mail-address"),
        Action::MailAgain => key("admin-audit-mail-again"),
        Action::AdminCreate => key("admin-audit-admin-create"),
        Action::AdminResetPassword => key("admin-audit-admin-reset-password"),
        Action::AdminChangePassword => key("admin-audit-admin-change-password"),
        Action::AdminSecondFactorOn => key("admin-audit-admin-second-factor-on"),
        Action::AdminSecondFactorOff => key("admin-audit-admin-second-factor-off"),
        Action::AdminRecoveryCodeUse => key("admin-audit-admin-recovery-code-use"),
        Action::AdminRecoveryCodesNew => key("admin-audit-admin-recovery-codes-new"),
        Action::AdminChange => key("admin-audit-admin-change"),
        Action::AdminSecondFactorReset => key("admin-audit-second-factor-reset"),
        Action::AdminDelete => key("admin-audit-admin-delete"),
        Action::InvitationCreate => key("admin-audit-invitation-create"),
        Action::InvitationRevoke => key("admin-audit-invitation-revoke"),
        Action::ConnectionCreate => key("admin-audit-connection-create"),
        Action::ConnectionEdit => key("admin-audit-connection-edit"),
        Action::ConnectionMove => key("admin-audit-connection-move"),
        Action::ConnectionEnable => key("admin-audit-connection-enable"),
        Action::ConnectionDisable => key("admin-audit-connection-disable"),
        Action::ConnectionKeyReplace => key("admin-audit-connection-key-replace"),
        Action::ConnectionNextKeyStore => key("admin-audit-connection-next-key-store"),
        Action::ConnectionNextKeyUse => key("admin-audit-connection-next-key-use"),
        Action::ConnectionSecondKeyDrop => key("admin-audit-connection-second-key-drop"),
        Action::ConnectionLeftFile => key("admin-audit-connection-left-file"),
        Action::ConnectionHandOver => key("admin-audit-connection-hand-over"),
        Action::ConnectionTest => key("admin-audit-connection-test"),
        Action::RedirectUrlEnter => key("admin-audit-redirect-url-enter"),
        Action::RedirectUrlRegister => key("admin-audit-redirect-url-register"),
        Action::RedirectUrlDisable => key("admin-audit-redirect-url-disable"),
        Action::IssuanceCreateIntended => key("event-create-intended"),
        Action::IssuanceNothingSent => key("event-nothing-sent"),
        Action::IssuanceKeyCreated => key("event-key-created"),
        Action::IssuanceFinalizeIntended => key("event-finalize-intended"),
        Action::IssuanceResumed => key("admin-audit-issuance-resumed"),
        Action::IssuanceIssued => key("event-issued"),
        Action::IssuanceShown => key("event-shown"),
        Action::IssuanceSettled => key("event-settled"),
        Action::IssuanceRefused => key("event-refused"),
        Action::IssuanceTurnedBack => key("event-turned-back"),
        Action::IssuanceUnknown => key("event-outcome-unknown"),
        Action::IssuanceMismatch => key("event-mismatched"),
        Action::IssuanceAbandoned => key("event-abandoned"),
    }
}

pub const fn outcome_text(outcome: Outcome) -> Key {
    match outcome {
        Outcome::Done => key("admin-audit-done"),
        Outcome::NotSent => key("admin-audit-not-sent"),
        Outcome::Refused => key("admin-audit-refused"),
        Outcome::Unknown => key("admin-audit-unknown"),
        Outcome::Mismatch => key("admin-audit-mismatch"),
    }
}

/// What the name of an actor belongs to.
pub const fn kind_text(kind: ActorKind) -> Key {
    match kind {
        ActorKind::User => key("audit-kind-user"),
        ActorKind::Account => key("audit-kind-account"),
        ActorKind::Portal => key("audit-kind-portal"),
        ActorKind::Stranger => key("audit-kind-stranger"),
    }
}

/// Who acts when no person asks for it: the stored name, and what it is called. People may
/// have the same names.
const ACTORS: [(&str, Key); 2] = [
    (SYSTEM, key("audit-actor-system")),
    (PORTAL, key("audit-actor-portal")),
];

/// What an actor is called who is no person.
pub fn actor_text(kind: Option<ActorKind>, actor: &str) -> Option<Key> {
    let mut actors = ACTORS.iter();
    let found = actors.find(|(name, _)| kind == Some(ActorKind::Portal) && *name == actor);
    found.map(|(_, text)| *text)
}

/// The stored name of who is called so in a language; anybody else's is as it is.
pub fn actor_named(lang: Lang, name: &str) -> &str {
    let called = |text: Key| lang.of(text).to_lowercase() == name.to_lowercase();
    let found = ACTORS.iter().find(|(_, text)| called(*text));
    found.map_or(name, |(stored, _)| *stored)
}

/// Where something was done that came from no address.
pub fn origin_text(from: &str) -> Option<Key> {
    match from {
        "cli" => Some(key("audit-from-cli")),
        "housekeeping" => Some(key("audit-from-housekeeping")),
        "start" => Some(key("audit-from-start")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn i12_only_who_is_no_person_has_a_name_in_each_language() {
        let actor = actor_text(Some(ActorKind::Portal), "system").unwrap();
        assert_eq!(Lang::Es.of(actor), "El sistema");
        assert_eq!(actor_text(Some(ActorKind::Account), "system"), None);
        assert_eq!(actor_text(Some(ActorKind::User), "rubrica"), None);
        assert_eq!(actor_named(Lang::Es, "el portal"), "rubrica");
        assert_eq!(actor_named(Lang::En, "el portal"), "el portal");
    }
}
