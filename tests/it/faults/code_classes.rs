//! What each known error code asks for: the state, words and button that it must lead to.

/// What a code asks for, and the codes.
pub(super) struct Class {
    pub(super) name: &'static str,
    pub(super) codes: &'static [&'static str],
    pub(super) at_create: AtCreate,
    pub(super) at_finalize: AtFinalize,
}

pub(super) struct AtCreate {
    pub(super) state: &'static str,
    /// In English.
    pub(super) words: &'static str,
    pub(super) button: Button,
}

pub(super) struct AtFinalize {
    pub(super) state: &'static str,
    /// In Spanish.
    pub(super) words: &'static str,
}

/// The button that leads on from a refused create.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Button {
    /// A new request with the same answers.
    Again(&'static str),
    /// The same draft once more.
    TryAgain,
    /// None: somebody else has to act first.
    None,
}

const BEGIN_AGAIN: Button = Button::Again("Begin again with the same answers");

pub(super) const CLASSES: &[Class] = &[
    Class {
        name: "may_not_issue",
        codes: &[
            "UNAUTHORIZED",
            "ERR_INVALID_AUTH",
            "ERR_INVALID_PASSWORD",
            "ERR_CLOSING_SESSIONS",
            "REDIRECT",
        ],
        at_create: AtCreate {
            state: "refused",
            words: "Ask the people who manage Redtrust in your organisation for that permission",
            button: Button::None,
        },
        at_finalize: AtFinalize {
            state: "key_created",
            words: "Pida ese permiso a quien administra Redtrust",
        },
    },
    Class {
        name: "change_password",
        codes: &["CHANGE_PASSWORD", "ERR_SAME_PASSWORD"],
        at_create: AtCreate {
            state: "refused",
            words: "Change it in Redtrust first",
            button: BEGIN_AGAIN,
        },
        at_finalize: AtFinalize {
            state: "key_created",
            words: "Cámbiela primero en Redtrust",
        },
    },
    Class {
        name: "wrong_pin",
        codes: &["WRONG_PIN"],
        at_create: AtCreate {
            state: "refused",
            words: "does not accept the PIN",
            button: BEGIN_AGAIN,
        },
        at_finalize: AtFinalize {
            state: "key_created",
            words: "no acepta el PIN",
        },
    },
    Class {
        name: "must_wait",
        codes: &["MUST_WAIT"],
        at_create: AtCreate {
            state: "refused",
            words: "asks you to wait",
            button: BEGIN_AGAIN,
        },
        at_finalize: AtFinalize {
            state: "key_created",
            words: "pide que espere",
        },
    },
    Class {
        name: "admin",
        codes: &[
            "ERR_INACTIVE_MODULE",
            "REQUIRE_PAYMENT",
            "ERR_LICENSE_EXCEEDED",
            "ERR_NOT_ALLOWED_CERT",
            "ERR_GETTING_PERMISSIONS",
            "ERR_GETTING_ALLOWED_MODULES",
            "ERR_NOT_SUPPORTED",
            "ERR_PROVISIONED_GROUP",
        ],
        at_create: AtCreate {
            state: "refused",
            words: "Only the people who manage Redtrust in your organisation can settle this",
            button: Button::None,
        },
        at_finalize: AtFinalize {
            state: "key_created",
            words: "Solo puede resolverlo quien administra Redtrust",
        },
    },
    Class {
        name: "group",
        codes: &[
            "ERR_CERTIFICATES_GROUP_MANDATORY",
            "ERR_NOT_ALLOWED_GROUP",
            "ERR_NOT_FOUND_GROUP",
        ],
        at_create: AtCreate {
            state: "refused",
            words: "have to add groups to this connection",
            button: Button::None,
        },
        at_finalize: AtFinalize {
            state: "key_created",
            words: "no acepta el grupo de certificados",
        },
    },
    Class {
        name: "may_pass",
        codes: &[
            "SLAVE_SERVER",
            "ERR_SERVICE_UNAVAILABLE",
            "ERR_CONNECTIVITY",
            "ERR_OUTDATED",
            "ERR_READ_DATA",
            "ERR_UPDATE_DATA",
        ],
        at_create: AtCreate {
            state: "draft",
            words: "usually passes by itself",
            button: Button::TryAgain,
        },
        at_finalize: AtFinalize {
            state: "key_created",
            words: "suele pasar por sí solo",
        },
    },
    Class {
        name: "input",
        codes: &[
            "INVALID_PARAM",
            "ERR_INVALID_PARAM",
            "MISSING_PARAM",
            "ERR_INVALID_UID",
            "ERR_DUPLICATED_NAME",
            "ERR_DUPLICATED_GROUP",
            "ERR_NO_FILE",
            "ERROR_WRONG_EMAIL",
            "ERROR_WRONG_DOMAIN_TYPE",
        ],
        at_create: AtCreate {
            state: "refused",
            words: "correct what it objects to",
            button: Button::Again("Begin a corrected request"),
        },
        at_finalize: AtFinalize {
            state: "key_created",
            words: "no acepta algún dato",
        },
    },
    Class {
        name: "done_already",
        codes: &["ERR_ALREADY_EXIST"],
        at_create: AtCreate {
            state: "refused",
            words: "may exist in Redtrust already",
            button: BEGIN_AGAIN,
        },
        at_finalize: AtFinalize {
            state: "unknown",
            words: "ya se emitió antes",
        },
    },
    Class {
        name: "may_exist",
        codes: &[
            "ERR_INVALID_STATE",
            "ERR_NOT_FOUND",
            "ERR_NOT_FOUND_CERT",
            "ERR_INVALID_CERT",
            "UNKNOWN_ERROR",
        ],
        at_create: AtCreate {
            state: "refused",
            words: "may exist in Redtrust already",
            button: BEGIN_AGAIN,
        },
        at_finalize: AtFinalize {
            state: "unknown",
            words: "no se puede saber si el certificado ya existe",
        },
    },
    Class {
        name: "other",
        codes: &["A_CODE_NOBODY_KNOWS"],
        at_create: AtCreate {
            state: "refused",
            words: "If you can correct what Redtrust points out",
            button: BEGIN_AGAIN,
        },
        at_finalize: AtFinalize {
            state: "key_created",
            words: "no le dice qué hacer",
        },
    },
];
