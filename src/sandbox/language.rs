//! The texts of the sandbox's few pages, in two languages.

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    Es,
    En,
}

#[derive(Debug)]
pub(super) struct Words {
    pub(super) tag: &'static str,
    /// Shown on every page.
    pub(super) banner: &'static str,
    pub(super) sign_in_title: &'static str,
    /// Shown before the partner's name.
    pub(super) asked_by: &'static str,
    /// Shown before the domain.
    pub(super) domain: &'static str,
    pub(super) username: &'static str,
    pub(super) password: &'static str,
    pub(super) sign_in: &'static str,
    pub(super) cancel: &'static str,
    /// Shown before the title of a page with an error.
    pub(super) error: &'static str,
    pub(super) wrong_credentials: &'static str,
    pub(super) refused_title: &'static str,
    /// What the person can do about a refused login request.
    pub(super) refused_advice: &'static str,
    pub(super) code: &'static str,
    pub(super) home_title: &'static str,
    pub(super) home_intro: &'static str,
    pub(super) partner: &'static str,
    pub(super) shared_key: &'static str,
    pub(super) users: &'static str,
    /// Explains what the demo passwords are.
    pub(super) users_note: &'static str,
    pub(super) may_issue: &'static str,
    pub(super) yes: &'static str,
    pub(super) no: &'static str,
    pub(super) redirect_urls: &'static str,
    /// Shown if there are no redirect URLs.
    pub(super) no_redirect_urls: &'static str,
    pub(super) ledger: &'static str,
    /// Shown if the ledger is empty.
    pub(super) empty_ledger: &'static str,
    pub(super) ledger_columns: [&'static str; 7],
    pub(super) controls: &'static str,
}

impl Language {
    /// The language that the browser prefers; Spanish if it names neither Spanish nor
    /// English.
    pub(super) fn preferred(accept_language: &str) -> Self {
        accept_language
            .split(',')
            .filter_map(|range| {
                let (tag, quality) = range.split_once(";q=").unwrap_or((range, "1"));
                let language = match tag.trim().get(..2)?.to_ascii_lowercase().as_str() {
                    "es" => Self::Es,
                    "en" => Self::En,
                    _ => return None,
                };
                let quality: f32 = quality.trim().parse().ok()?;
                Some((language, quality))
            })
            // Of equal weights the first wins: browsers list languages in order of
            // preference.
            .fold(None, |best: Option<(Self, f32)>, next| match best {
                Some(best) if best.1 >= next.1 => Some(best),
                _ => Some(next),
            })
            .map_or(Self::Es, |(language, _)| language)
    }

    pub(super) const fn words(self) -> &'static Words {
        match self {
            Self::Es => &ES,
            Self::En => &EN,
        }
    }
}

const ES: Words = Words {
    tag: "es",
    banner: "Sandbox: hace de Redtrust para pruebas",
    sign_in_title: "Iniciar sesión en Redtrust (sandbox)",
    asked_by: "Lo pide la aplicación",
    domain: "Dominio",
    username: "Usuario",
    password: "Contraseña",
    sign_in: "Iniciar sesión",
    cancel: "Cancelar y volver",
    error: "Error: ",
    wrong_credentials: "No se aceptó el usuario o la contraseña",
    refused_title: "No se puede iniciar sesión",
    refused_advice: "La aplicación que le envió aquí hizo una petición que este servidor no acepta. No se ha cambiado nada. Vuelva a la aplicación y empiece de nuevo; si se repite, dé este código a quien la administra.",
    code: "Código",
    home_title: "Sandbox de Redtrust",
    home_intro: "Este servidor hace de Redtrust para probar integraciones. Nada de lo que emite vale fuera de las pruebas.",
    partner: "Partner",
    shared_key: "Clave compartida",
    users: "Usuarios",
    users_note: "La contraseña de cada usuario de demostración es su propio nombre.",
    may_issue: "Puede emitir",
    yes: "sí",
    no: "no",
    redirect_urls: "URL de redirección registradas",
    no_redirect_urls: "Ninguna todavía.",
    ledger: "Últimas líneas del registro",
    empty_ledger: "Todavía no ha llegado ninguna llamada.",
    ledger_columns: [
        "N.º",
        "Hora (UTC)",
        "Tipo",
        "Operación",
        "Resultado",
        "Sujeto",
        "Usuario",
    ],
    controls: "Controles",
};

const EN: Words = Words {
    tag: "en",
    banner: "Sandbox: plays Redtrust for tests",
    sign_in_title: "Sign in to Redtrust (sandbox)",
    asked_by: "Asked for by the application",
    domain: "Domain",
    username: "User name",
    password: "Password",
    sign_in: "Sign in",
    cancel: "Cancel and go back",
    error: "Error: ",
    wrong_credentials: "The user name or password was not accepted",
    refused_title: "You cannot sign in",
    refused_advice: "The application that sent you here made a request that this server does not accept. Nothing was changed. Go back to the application and start again; if it happens again, give this code to whoever runs it.",
    code: "Code",
    home_title: "Redtrust sandbox",
    home_intro: "This server plays Redtrust, to try integrations out. Nothing it issues is worth anything outside of tests.",
    partner: "Partner",
    shared_key: "Shared key",
    users: "Users",
    users_note: "The password of each demo user is the user's own name.",
    may_issue: "May issue",
    yes: "yes",
    no: "no",
    redirect_urls: "Registered redirect URLs",
    no_redirect_urls: "None yet.",
    ledger: "Last rows of the ledger",
    empty_ledger: "No call has arrived yet.",
    ledger_columns: [
        "No.",
        "Time (UTC)",
        "Kind",
        "Operation",
        "Result",
        "Subject",
        "User",
    ],
    controls: "Controls",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_is_the_one_the_browser_prefers() {
        for (header, expected) in [
            ("", Language::Es),
            ("en", Language::En),
            ("en-GB,en;q=0.9,es;q=0.8", Language::En),
            ("fr,es;q=0.5,en;q=0.6", Language::En),
            ("es-ES,en;q=0.9", Language::Es),
            ("de", Language::Es),
        ] {
            assert_eq!(Language::preferred(header), expected, "{header}");
        }
    }
}
