## Resumen
home-title = Sus certificados
home-open-title = Continúe su solicitud
home-open-no-name = Solicitud todavía sin nombre
home-open-draft = Borrador
home-open-under-way = En curso
home-open-key-created = Claves creadas
home-open-unknown = Resultado desconocido
home-open-changed = Último cambio: { $time }
home-certificates-title = Por fecha de caducidad
home-empty-title = Todavía no hay certificados
home-empty = Los que emita aparecerán aquí, con su fecha de caducidad y el aviso de lo que conviene renovar.
home-empty-next = Para emitir uno, tenga a mano el documento de identidad del titular. Se tarda unos minutos, y puede parar en cualquier paso y seguir después.
home-count = { $count ->
    [one] 1 certificado
   *[other] { $count } certificados
}
home-or-more = o más
home-why-not = No se puede renovar: vea por qué
home-all = Ver todos los certificados
home-months-title = Caducidades por mes
home-months-chart = Gráfico de barras: certificados que caducan en cada uno de los próximos doce meses. La tabla contiene las mismas cifras.
home-months-month = Mes
home-months-count = Certificados
home-expired = Caducados
home-within-7 = Caducan en 7 días o menos
home-within-30 = Caducan en 30 días o menos
home-within-60 = Caducan en 60 días o menos
home-later = Caducan más tarde

## Certificados
certificates-title = Certificado
certificates-of = Certificado de { $holder }
certificates-holder = Titular
certificates-subject = Nombre en el certificado
certificates-thumbprint = Huella digital
certificates-id = Identificador en Redtrust
certificates-issued = Emitido
certificates-expires = Caduca
certificates-estimated = (estimado)
certificates-estimated-hint = Redtrust no nos dice la fecha de caducidad. Esta se deduce de la validez habitual de los certificados de este servidor.
certificates-actions = Qué puede hacer
certificates-renew = Renovar
certificates-renew-this = Renovar este certificado
certificates-renews = Renueva a
certificates-replaced-by = Sustituido por
certificates-where = El certificado y su clave privada se guardan en Redtrust. Búsquelo allí por su identificador o su huella digital.
certificates-issuance = Ver la solicitud de la que procede
certificates-chain = Renovaciones, de la más reciente a la más antigua
certificates-this = Este certificado
