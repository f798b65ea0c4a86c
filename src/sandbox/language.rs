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
    pub(super) example: &'static str,
    pub(super) seed: &'static str,
    /// Explains what a contrary sandbox is.
    pub(super) contrary: &'static str,
    pub(super) settings: &'static str,
    pub(super) users: &'static str,
    /// Explains what the demo passwords are.
    pub(super) users_note: &'static str,
    pub(super) may_issue: &'static str,
    pub(super) yes: &'static str,
    pub(super) no: &'static str,
    pub(super) redirect_urls: &'static str,
    pub(super) redirect_url: &'static str,
    pub(super) register: &'static str,
    pub(super) bad_redirect_url: &'static str,
    /// Shown if there are no redirect URLs.
    pub(super) no_redirect_urls: &'static str,
    pub(super) ledger: &'static str,
    /// Shown if the ledger is empty.
    pub(super) empty_ledger: &'static str,
    pub(super) ledger_columns: [&'static str; 7],
    pub(super) controls: &'static str,
    /// The page that checks a login URL.
    pub(super) check_title: &'static str,
    pub(super) check_url: &'static str,
    pub(super) check_hint: &'static str,
    pub(super) check: &'static str,
    pub(super) check_unreadable: &'static str,
    pub(super) check_columns: [&'static str; 4],
    pub(super) check_good: &'static str,
    pub(super) check_differs: &'static str,
    pub(super) path: &'static str,
    pub(super) partner_case: &'static str,
    pub(super) partner_unknown: &'static str,
    pub(super) timestamp_unit: &'static str,
    pub(super) timestamp_far: &'static str,
    pub(super) redirect_url_slash: &'static str,
    pub(super) redirect_url_unknown: &'static str,
    pub(super) check_signature: &'static str,
    pub(super) signature_right: &'static str,
    pub(super) signature_unexplained: &'static str,
    pub(super) mistake_message: &'static str,
    pub(super) mistake_escaping: &'static str,
    pub(super) mistake_timestamp: &'static str,
    pub(super) mistake_partner: &'static str,
    pub(super) mistake_key_encoding: &'static str,
    pub(super) mistake_key_blank: &'static str,
    pub(super) mistake_key_case: &'static str,
    pub(super) mistake_key_cut: &'static str,
    pub(super) mistake_signature_form: &'static str,
    pub(super) check_expected_message: &'static str,
    pub(super) check_expected: &'static str,
    pub(super) check_signed: &'static str,
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
    example: "URL de inicio de sesión de ejemplo",
    seed: "Semilla",
    contrary: "Este sandbox lleva la contraria: todo lo que la documentación deja abierto se ha sorteado con esta semilla. La misma semilla da siempre el mismo servidor.",
    settings: "Ajustes en vigor",
    users: "Usuarios",
    users_note: "La contraseña de cada usuario de demostración es su propio nombre.",
    may_issue: "Puede emitir",
    yes: "sí",
    no: "no",
    redirect_urls: "URL de redirección registradas",
    redirect_url: "URL de redirección",
    register: "Registrar",
    bad_redirect_url: "hace falta una URL completa, http o https, sin fragmento, usuario ni comodín",
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
    check_title: "Comprobar una URL de inicio de sesión",
    check_url: "URL de inicio de sesión",
    check_hint: "La que hizo su programa para este servidor. La página dice qué parte no aceptaría el servidor y qué esperaba que se firmase.",
    check: "Comprobar",
    check_unreadable: "Este servidor no puede leer la URL:",
    check_columns: [
        "Parte",
        "Lo que acepta el servidor",
        "En la URL",
        "Resultado",
    ],
    check_good: "Bien",
    check_differs: "Es distinto de lo documentado",
    path: "Ruta",
    partner_case: "Escriba el partner en mayúsculas",
    partner_unknown: "No hay ningún partner con este nombre",
    timestamp_unit: "La unidad es otra: segundos o milisegundos, según los ajustes del servidor",
    timestamp_far: "Está a más de 300 segundos del reloj del servidor",
    redirect_url_slash: "Solo difiere de una registrada en la barra final: deben coincidir carácter a carácter",
    redirect_url_unknown: "No está registrada para este partner",
    check_signature: "Firma",
    signature_right: "La firma es correcta.",
    signature_unexplained: "La firma no es correcta y ningún error habitual la explica. O la clave es otra, o lo que se firma es muy distinto de lo que espera este servidor. «rubrica find-dialect» prueba muchas más maneras de firmar.",
    mistake_message: "El mensaje firmado es otro: abajo está el que esperaba el servidor y el que se firmó.",
    mistake_escaping: "La URL de redirección se firmó codificada de otra manera (mayúsculas o minúsculas tras %, o qué caracteres se codifican).",
    mistake_timestamp: "La marca de tiempo se firmó en otra unidad que la enviada.",
    mistake_partner: "El partner se firmó con otras mayúsculas o minúsculas que en la URL.",
    mistake_key_encoding: "La clave se leyó de otra forma: como texto, en hexadecimal, en Base64 o en UTF-16. Mire key_encoding en los ajustes.",
    mistake_key_blank: "La clave tiene un espacio o un salto de línea de más en su programa.",
    mistake_key_case: "La clave tiene otras mayúsculas o minúsculas en su programa.",
    mistake_key_cut: "A la clave de su programa le falta una parte.",
    mistake_signature_form: "La firma está escrita de otra forma: hexadecimal en minúsculas o mayúsculas, Base64 o Base64url. Mire signature_encoding en los ajustes.",
    check_expected_message: "Lo que este servidor esperaba que se firmase",
    check_expected: "La firma que esperaba",
    check_signed: "Lo que se firmó",
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
    example: "Example login URL",
    seed: "Seed",
    contrary: "This is a contrary sandbox: whatever the documents leave open was drawn from this seed. The same seed always gives the same server.",
    settings: "Settings in force",
    users: "Users",
    users_note: "The password of each demo user is the user's own name.",
    may_issue: "May issue",
    yes: "yes",
    no: "no",
    redirect_urls: "Registered redirect URLs",
    redirect_url: "Redirect URL",
    register: "Register",
    bad_redirect_url: "a whole URL is needed, http or https, without fragment, user or wildcard",
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
    check_title: "Check a login URL",
    check_url: "Login URL",
    check_hint: "The one that your program made for this server. The page says which part the server would refuse, and what it expected to be signed.",
    check: "Check",
    check_unreadable: "This server cannot read the URL:",
    check_columns: ["Part", "What the server accepts", "In the URL", "Result"],
    check_good: "Good",
    check_differs: "Differs from what is documented",
    path: "Path",
    partner_case: "Write the partner in capital letters",
    partner_unknown: "There is no partner of this name",
    timestamp_unit: "The unit is another one: seconds or milliseconds, as the server’s settings say",
    timestamp_far: "It is more than 300 seconds away from the server’s clock",
    redirect_url_slash: "It differs from a registered one only in the slash at its end: they must be equal character by character",
    redirect_url_unknown: "It is not registered for this partner",
    check_signature: "Signature",
    signature_right: "The signature is right.",
    signature_unexplained: "The signature is wrong, and none of the usual mistakes explains it. The key is another one, or what is signed is very different from what this server expects. “rubrica find-dialect” tries many more ways to sign.",
    mistake_message: "The signed message is another one: see below what the server expected and what was signed.",
    mistake_escaping: "The redirect URL was signed with other escapes (capital or small letters behind %, or other characters escaped).",
    mistake_timestamp: "The timestamp was signed in another unit than it was sent.",
    mistake_partner: "The partner was signed in other capital or small letters than in the URL.",
    mistake_key_encoding: "The key was read in another way: as text, as hexadecimal, as Base64 or in UTF-16. See key_encoding in the settings.",
    mistake_key_blank: "Your program has a blank or line end too many in the key.",
    mistake_key_case: "Your program has the key in other capital or small letters.",
    mistake_key_cut: "Part of the key is missing in your program.",
    mistake_signature_form: "The signature is written in another form: hexadecimal in small or capital letters, Base64 or Base64url. See signature_encoding in the settings.",
    check_expected_message: "What this server expected to be signed",
    check_expected: "The signature it expected",
    check_signed: "What was signed",
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
