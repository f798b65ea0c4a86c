//! What actions and outcomes of the audit are called.

use super::{Key, key};
use crate::domain::audit::{Action, Outcome};

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
