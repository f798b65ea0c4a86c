//! Where twenty typical changes go: the source files and templates that each
//! one touches, besides texts (`templates/locales`), tests and the README. The
//! test keeps the list true when files move.

use std::path::Path;

const CHANGES: &[(&str, &[&str])] = &[
    (
        "a new field of the holder, locality say",
        &[
            "src/domain/answers/field.rs",
            "src/domain/answers/step.rs",
            "src/domain/answers/reader.rs",
            "src/domain/holder.rs",
            "src/domain/holders_csv/columns.rs",
            "src/domain/connection/request_options.rs",
            "src/sandbox/pki/name.rs",
            "templates/issue/organisation.html",
        ],
    ),
    (
        "a new setting of a connection",
        &[
            "src/domain/connection/settings.rs",
            "src/web/handlers/admin/connections/fields.rs",
            "templates/admin/connections/fields.html",
        ],
    ),
    (
        "a new setting of the dialect",
        &[
            "src/domain/dialect.rs",
            "src/domain/connection/settings.rs",
            "src/domain/signing.rs",
            "src/sandbox/sign_in/hmac.rs",
            "src/sandbox/controls/openapi.json",
            "src/web/handlers/admin/connections/fields.rs",
            "templates/admin/connections/fields.html",
        ],
    ),
    (
        "another error of Redtrust with a page of its own",
        &[
            "src/domain/error_class.rs",
            "src/services/engine/outcome.rs",
            "src/web/handlers/advice.rs",
        ],
    ),
    (
        "a third language",
        &["src/i18n/bundles.rs", "src/i18n/choice.rs"],
    ),
    (
        "another time for leases",
        &["src/services/engine/in_flight.rs"],
    ),
    (
        "a column in the history",
        &[
            "src/web/handlers/issuances/list.rs",
            "src/web/handlers/issuances/export.rs",
            "templates/macros/issuances.html",
        ],
    ),
    (
        "a new page for admins, accounts say",
        &[
            "src/services/accounts/mod.rs",
            "src/storage/admins/mod.rs",
            "src/web/handlers/admin/mod.rs",
            "src/web/page/sections.rs",
            "src/web/routes.rs",
        ],
    ),
    (
        "a feed of the history",
        &[
            "src/web/formats/mod.rs",
            "src/web/handlers/issuances/mod.rs",
            "src/web/routes.rs",
        ],
    ),
    (
        "metrics",
        &[
            "src/startup.rs",
            "src/redtrust/transport.rs",
            "src/services/engine/step.rs",
            "src/web/middleware/access_log.rs",
            "src/web/health.rs",
            "src/web/routes.rs",
        ],
    ),
    (
        "a new column of issuances in the database",
        &[
            "src/storage/open.rs",
            "src/storage/issuances/row.rs",
            "src/domain/issuance/record.rs",
        ],
    ),
    (
        "another hash",
        &["src/domain/key_spec.rs", "src/sandbox/pki/hash.rs"],
    ),
    (
        "how long a session may idle",
        &["src/web/session/policy.rs"],
    ),
    (
        "another format of uploaded certificates",
        &[
            "src/domain/certificate_file/mod.rs",
            "templates/macros/form.html",
        ],
    ),
    (
        "a limit on how often one person issues",
        &[
            "src/services/issue/submit.rs",
            "src/web/handlers/issue/check.rs",
            "src/web/handlers/renew/check.rs",
        ],
    ),
    (
        "an e-mail before a certificate expires",
        &[
            "src/config/settings.rs",
            "src/services/housekeeping.rs",
            "src/storage/certificates/expiring.rs",
        ],
    ),
    (
        "`rubrica audit export`",
        &["src/cli/audit.rs", "src/storage/audit/mod.rs"],
    ),
    (
        "another source in the Content-Security-Policy",
        &["src/web/middleware/security_headers.rs"],
    ),
    (
        "another window for renewals",
        &["src/domain/certificate.rs"],
    ),
    (
        "a new state of issuances, revoked say",
        &[
            "src/domain/issuance/mod.rs",
            "src/domain/issuance/record.rs",
            "src/domain/issuance/standing.rs",
            "src/domain/audit.rs",
            "src/services/engine/step.rs",
            "src/i18n/audit.rs",
            "src/web/handlers/home.rs",
            "src/web/handlers/names.rs",
            "src/web/handlers/issuances/standing.rs",
            "src/web/handlers/issuances/story.rs",
        ],
    ),
];

#[test]
fn the_files_that_typical_changes_touch_are_where_the_list_says() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    assert_eq!(CHANGES.len(), 20);
    for (change, files) in CHANGES {
        for file in *files {
            assert!(root.join(file).is_file(), "{change}: {file} is gone");
        }
    }
}
