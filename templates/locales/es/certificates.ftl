## Resumen
home-title = Sus certificados
home-open-title = Solicitudes sin terminar
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
home-8-to-30 = Caducan dentro de 8 a 30 días
home-31-to-60 = Caducan dentro de 31 a 60 días
home-later = Caducan dentro de más de 60 días
home-unknown = Fecha de caducidad desconocida

## Certificados
certificates-title = Certificado
certificates-of = Certificado de { $holder }
certificates-holder = Titular
certificates-holder-unknown = No se conoce
certificates-surnames = Apellidos
certificates-subject = Asunto (DN)
certificates-thumbprint = Huella digital
certificates-id = Identificador en Redtrust
certificates-not-proven = Mostrado por el solicitante. Redtrust no ha confirmado que haya emitido este certificado.
certificates-not-proven-short = sin confirmar
certificates-id-unknown = No se conoce aquí: no hemos recibido de Redtrust una respuesta que podamos usar. Busque el certificado por su huella digital.
certificates-issued = Emitido
certificates-expires = Caduca
certificates-broken = { $count ->
    [one] Uno de sus certificados no se puede leer aquí y falta en esta página. Pida ayuda.
   *[other] { $count } de sus certificados no se pueden leer aquí y faltan en esta página. Pida ayuda.
  }
until-date = caduca el { $date }
until-endless = no caduca
until-unknown = fecha de caducidad desconocida
certificates-estimated = (estimado)
certificates-estimated-hint = Redtrust no indica la fecha de caducidad. Esta es una estimación a partir de la vigencia habitual de los certificados de este servidor. Si tiene el archivo del certificado, podemos leer en él la fecha exacta.
certificates-revoke = Cancelar o revocar este certificado
certificates-revoke-ask = Desde este portal no se puede revocar un certificado. Pídalo a { $partner } con su huella digital.
certificates-revoke-ask-anybody = Desde este portal no se puede revocar un certificado. Pídalo a quien administra este servicio, con su huella digital.
certificates-revoke-link = Ir a la página de revocación
certificates-actions = Qué puede hacer
certificates-renew = Renovar
certificates-renew-this = Renovar este certificado
certificates-renews = Sustituye a
certificates-replaced-by = Sustituido por
certificates-where = El certificado y su clave privada se guardan en Redtrust. Búsquelo allí por su identificador o su huella digital.
certificates-where-no-id = El certificado y su clave privada se guardan en Redtrust. Búsquelo allí por su huella digital.
certificates-issuance = Ver la solicitud de la que procede
certificates-chain = Renovaciones, de la más reciente a la más antigua
certificates-this = Este certificado
certificates-exact-title = Obtener la fecha de caducidad exacta
certificates-exact-submit = Leer la fecha de caducidad

## El archivo de un certificado
field-certificate-file = Archivo del certificado
hint-certificate-file = Un archivo terminado en .cer, .crt, .pem, .der o .p7b, de 1 MB como máximo. Sin la clave privada.
missing-certificate-file = Elija el archivo del certificado
file-empty = El archivo está vacío. Elija el archivo del certificado
file-private-key = Ese archivo contiene una clave privada. Guárdela bien y elija solo el certificado. No hemos guardado el archivo
file-request = Ese archivo es una petición de certificado (CSR). Elija el certificado que se emitió para ella
file-too-many = Ese archivo contiene más de { $most } certificados. Elija un archivo con menos
file-damaged = El certificado de ese archivo está dañado o incompleto. Guárdelo de nuevo y elija el archivo nuevo
file-no-certificate = En ese archivo no hay ningún certificado. Elija el archivo del certificado
file-not-yours = Ese certificado no se emitió en este portal: { $holder }, { $until }, huella digital { $thumbprint }. Puede incorporarlo
file-none-yours = Ese archivo contiene { $count } certificados y ninguno de ellos se emitió en este portal. Puede incorporarlos
file-other = Ese archivo contiene otro certificado: { $holder }, { $until }, huella digital { $thumbprint }. Elija el archivo de este
file-none-this = Ese archivo contiene { $count } certificados y este no está entre ellos
file-other-key = El certificado de ese archivo no corresponde a las claves de esta solicitud: { $holder }, { $until }, huella digital { $thumbprint }. No se ha cambiado nada
file-none-of-key = Ese archivo contiene { $count } certificados y ninguno de ellos corresponde a las claves de esta solicitud. No se ha cambiado nada
file-taken = El certificado de ese archivo pertenece a otra solicitud. No se ha cambiado nada
