//! The words of the audit: what was done, and how it ended. Their text forms
//! are hashed into the chain: once stored, one never changes.

use super::string_enum::string_enum;

string_enum! {
    /// What was done.
    pub enum Action as "action" {
        /// An admin signed in.
        AdminSignIn = "admin.sign_in",
        /// An account was made.
        AdminCreate = "admin.create",
        /// An account got a new password.
        AdminResetPassword = "admin.reset_password",
        /// A connection was made.
        ConnectionCreate = "connection.create",
        /// A connection's settings changed.
        ConnectionEdit = "connection.edit",
        /// A connection was switched on.
        ConnectionEnable = "connection.enable",
        /// A connection was switched off.
        ConnectionDisable = "connection.disable",
        /// A redirect URL was entered.
        RedirectUrlEnter = "redirect_url.enter",
        /// A redirect URL is registered in Redtrust.
        RedirectUrlRegister = "redirect_url.register",
        /// A redirect URL was taken out of use.
        RedirectUrlDisable = "redirect_url.disable",
        /// The first call was about to go out.
        IssuanceCreateIntended = "issuance.create_intended",
        /// A call did not go out.
        IssuanceNothingSent = "issuance.nothing_sent",
        /// Redtrust made the key pair.
        IssuanceKeyCreated = "issuance.key_created",
        /// The second call was about to go out.
        IssuanceFinalizeIntended = "issuance.finalize_intended",
        /// The owner asked for the second call again.
        IssuanceResumed = "issuance.resumed",
        /// The certificate is there.
        IssuanceIssued = "issuance.issued",
        /// The owner's certificate file settled what was unknown.
        IssuanceSettled = "issuance.settled",
        /// Redtrust refused.
        IssuanceRefused = "issuance.refused",
        /// Whether a call took effect cannot be known.
        IssuanceUnknown = "issuance.unknown",
        /// Redtrust gave something else than was asked for.
        IssuanceMismatch = "issuance.mismatch",
        /// The owner gave it up.
        IssuanceAbandoned = "issuance.abandoned",
    }
}

string_enum! {
    /// How it ended.
    pub enum Outcome as "outcome" {
        /// It was done.
        Done = "done",
        /// Nothing was sent.
        NotSent = "not_sent",
        /// Redtrust refused.
        Refused = "refused",
        /// That cannot be known.
        Unknown = "unknown",
        /// Something else was done than was asked for.
        Mismatch = "mismatch",
    }
}
