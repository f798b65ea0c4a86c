//! The actions and outcomes in the audit. Their text forms are hashed into the
//! chain, so a stored one must never change.

use super::string_enum::string_enum;

string_enum! {
    /// The audited action.
    pub enum Action as "action" {
        /// An admin signed in.
        AdminSignIn = "admin.sign_in",
        /// A sign-in of an admin was refused.
        AdminSignInRefused = "admin.sign_in_refused",
        /// A user signed in.
        UserSignIn = "user.sign_in",
        /// An admin ended one session of an admin or of a user.
        SessionEnd = "session.end",
        /// All sessions of an admin but one were ended.
        SessionsEnd = "session.end_others",
        /// The audit was exported, or what was found in it.
        AuditExport = "audit.export",
        /// Personal data that had been kept for long enough was erased.
        PersonalDataErase = "personal_data.erase",
        /// The database was restored from a backup.
        DatabaseRestore = "database.restore",
        /// A test mail was ordered.
        MailTest = "mail.test",
        /// An officer gave an address for mail, or took it back.
        MailAddress = "mail.address",
        /// A mail that may have been lost was ordered once more.
        MailAgain = "mail.again",
        /// An account was created.
        AdminCreate = "admin.create",
        /// An account got a new password.
        AdminResetPassword = "admin.reset_password",
        /// Somebody changed the own password.
        AdminChangePassword = "admin.change_password",
        /// A second factor was switched on.
        AdminSecondFactorOn = "admin.second_factor_on",
        /// A second factor was switched off.
        AdminSecondFactorOff = "admin.second_factor_off",
        /// A recovery code was used up.
        AdminRecoveryCodeUse = "admin.recovery_code_use",
        /// The recovery codes were replaced.
        AdminRecoveryCodesNew = "admin.recovery_codes_new",
        /// An account got another role or other connections, or was enabled or disabled.
        AdminChange = "admin.change",
        /// An account's second factor was taken away.
        AdminSecondFactorReset = "admin.second_factor_reset",
        /// An account whose row was changed past the portal was deleted.
        AdminDelete = "admin.delete",
        /// Somebody was invited.
        InvitationCreate = "invitation.create",
        /// An invitation was taken back.
        InvitationRevoke = "invitation.revoke",
        /// A connection was created.
        ConnectionCreate = "connection.create",
        /// A connection's settings changed.
        ConnectionEdit = "connection.edit",
        /// A connection leads to another server, or trusts another private CA.
        ConnectionMove = "connection.move",
        /// A connection was switched on.
        ConnectionEnable = "connection.enable",
        /// A connection was switched off.
        ConnectionDisable = "connection.disable",
        /// A connection's shared key was replaced at once.
        ConnectionKeyReplace = "connection.key_replace",
        /// A connection's next shared key was stored.
        ConnectionNextKeyStore = "connection.next_key_store",
        /// A connection's next shared key came into use.
        ConnectionNextKeyUse = "connection.next_key_use",
        /// A connection's next or previous shared key was dropped.
        ConnectionSecondKeyDrop = "connection.second_key_drop",
        /// A connection is no longer in the configuration file, and was disabled.
        ConnectionLeftFile = "connection.left_file",
        /// A connection that left the configuration file was handed to the pages.
        ConnectionHandOver = "connection.hand_over",
        /// A connection was tested.
        ConnectionTest = "connection.test",
        /// A redirect URL was entered.
        RedirectUrlEnter = "redirect_url.enter",
        /// A redirect URL is registered in Redtrust.
        RedirectUrlRegister = "redirect_url.register",
        /// A redirect URL was disabled.
        RedirectUrlDisable = "redirect_url.disable",
        /// The intent to make the first call was committed.
        IssuanceCreateIntended = "issuance.create_intended",
        /// A call was not sent.
        IssuanceNothingSent = "issuance.nothing_sent",
        /// Redtrust made the key pair.
        IssuanceKeyCreated = "issuance.key_created",
        /// The intent to make the second call was committed.
        IssuanceFinalizeIntended = "issuance.finalize_intended",
        /// The owner repeated the second call.
        IssuanceResumed = "issuance.resumed",
        /// The certificate was issued.
        IssuanceIssued = "issuance.issued",
        /// The owner's certificate file settled an unknown outcome.
        IssuanceSettled = "issuance.settled",
        /// The owner showed a certificate for an unknown outcome that proves nothing.
        IssuanceShown = "issuance.shown",
        /// Redtrust refused, and the request ended with it.
        IssuanceRefused = "issuance.refused",
        /// Redtrust refused, and the same call may be made again.
        IssuanceTurnedBack = "issuance.turned_back",
        /// The effect of a call is not known.
        IssuanceUnknown = "issuance.unknown",
        /// Redtrust's answer does not match the request.
        IssuanceMismatch = "issuance.mismatch",
        /// The owner abandoned it.
        IssuanceAbandoned = "issuance.abandoned",
    }
}

/// The stored name of whoever acts at the command line, at the start or on a timer.
pub const SYSTEM: &str = "system";
/// The places where it acts from.
pub const SYSTEM_PLACES: [&str; 3] = ["cli", "housekeeping", "start"];
/// The stored name of the portal where it settles a user's request by itself: it acts from
/// no address.
pub const PORTAL: &str = "rubrica";

string_enum! {
    /// What the name of an actor belongs to: users of Redtrust, accounts of the portal and
    /// the portal itself may have the same names.
    pub enum ActorKind as "kind" {
        /// A user of Redtrust.
        User = "user",
        /// An account of the portal.
        Account = "account",
        /// The portal, or whoever works at its command line.
        Portal = "portal",
        /// Whoever was refused at the door of the accounts.
        Stranger = "stranger",
    }
}

impl ActorKind {
    /// The kind of whoever did this under this name from this place.
    pub fn of(action: Action, actor: &str, from: &str) -> Self {
        match action {
            _ if action.is_of_users() && actor == PORTAL && from.is_empty() => Self::Portal,
            _ if action.is_of_users() => Self::User,
            Action::AdminSignInRefused => Self::Stranger,
            _ if actor == SYSTEM && SYSTEM_PLACES.contains(&from) => Self::Portal,
            _ => Self::Account,
        }
    }
}

impl Action {
    /// What the stored names of all actions on requests begin with.
    pub const ISSUANCE: &'static str = "issuance.";

    /// Whether users of Redtrust do this, and no account ever does.
    pub fn is_of_users(self) -> bool {
        self == Self::UserSignIn || self.as_str().starts_with(Self::ISSUANCE)
    }

    /// The outcomes of requests, of which mail and the webhook tell.
    pub const OUTCOMES: [Self; 6] = [
        Self::IssuanceIssued,
        Self::IssuanceSettled,
        Self::IssuanceRefused,
        Self::IssuanceTurnedBack,
        Self::IssuanceUnknown,
        Self::IssuanceMismatch,
    ];

    /// Whether the transaction of this action changes the account, connection or
    /// invitation that its entry is about: that row names the entry from then on.
    pub const fn changes_its_row(self) -> bool {
        match self {
            Self::AdminCreate
            | Self::AdminResetPassword
            | Self::AdminChangePassword
            | Self::AdminSecondFactorOn
            | Self::AdminSecondFactorOff
            | Self::AdminRecoveryCodeUse
            | Self::AdminRecoveryCodesNew
            | Self::AdminChange
            | Self::AdminSecondFactorReset
            | Self::InvitationCreate
            | Self::ConnectionCreate
            | Self::ConnectionEdit
            | Self::ConnectionMove
            | Self::ConnectionEnable
            | Self::ConnectionDisable
            | Self::ConnectionKeyReplace
            | Self::ConnectionNextKeyStore
            | Self::ConnectionNextKeyUse
            | Self::ConnectionSecondKeyDrop
            | Self::ConnectionLeftFile
            | Self::ConnectionHandOver => true,
            Self::AdminSignIn
            | Self::AdminSignInRefused
            | Self::UserSignIn
            | Self::SessionEnd
            | Self::SessionsEnd
            | Self::AuditExport
            | Self::PersonalDataErase
            | Self::DatabaseRestore
            | Self::MailTest
            | Self::MailAddress
            | Self::MailAgain
            | Self::AdminDelete
            | Self::InvitationRevoke
            | Self::ConnectionTest
            | Self::RedirectUrlEnter
            | Self::RedirectUrlRegister
            | Self::RedirectUrlDisable
            | Self::IssuanceCreateIntended
            | Self::IssuanceNothingSent
            | Self::IssuanceKeyCreated
            | Self::IssuanceFinalizeIntended
            | Self::IssuanceResumed
            | Self::IssuanceIssued
            | Self::IssuanceSettled
            | Self::IssuanceShown
            | Self::IssuanceRefused
            | Self::IssuanceTurnedBack
            | Self::IssuanceUnknown
            | Self::IssuanceMismatch
            | Self::IssuanceAbandoned => false,
        }
    }
}

string_enum! {
    /// The outcome of an action.
    pub enum Outcome as "outcome" {
        /// It was done.
        Done = "done",
        /// Nothing was sent.
        NotSent = "not_sent",
        /// Redtrust refused.
        Refused = "refused",
        /// The effect is not known.
        Unknown = "unknown",
        /// Redtrust's answer does not match the request.
        Mismatch = "mismatch",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_of_one_name_are_told_apart_by_what_they_do() {
        use Action::{AdminSignInRefused, ConnectionEdit, IssuanceIssued, UserSignIn};
        for (action, actor, from, kind) in [
            (UserSignIn, "ana", "10.0.0.1", ActorKind::User),
            (IssuanceIssued, "ana", "10.0.0.1", ActorKind::User),
            (ConnectionEdit, "ana", "10.0.0.1", ActorKind::Account),
            (UserSignIn, SYSTEM, "cli", ActorKind::User),
            (ConnectionEdit, SYSTEM, "cli", ActorKind::Portal),
            (ConnectionEdit, SYSTEM, "10.0.0.1", ActorKind::Account),
            (IssuanceIssued, PORTAL, "", ActorKind::Portal),
            (IssuanceIssued, PORTAL, "10.0.0.1", ActorKind::User),
            (AdminSignInRefused, "nobody", "::1", ActorKind::Stranger),
        ] {
            assert_eq!(ActorKind::of(action, actor, from), kind, "{action} {actor}");
        }
    }
}
