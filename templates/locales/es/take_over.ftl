# Certificados que ya existen y que no se emitieron en este portal.
certificates-endless = Sin fecha de caducidad
certificates-expiry-unknown = No se conoce la fecha de caducidad
certificates-not-issued-here = incorporado
certificates-not-issued-here-hint = Este certificado no se emitió en este portal: lo incorporó usted.
certificates-redtrust-decides = Redtrust decide si lo puede renovar.
renew-date-unknown = Aquí no se conoce la fecha de caducidad de este certificado. Si tiene el archivo del certificado, incorpórelo y la leeremos.
renew-date-unknown-short = Se puede pedir la renovación; no se conoce la fecha de caducidad.
certificates-status = Estado
certificates-valid = Vigente
certificates-not-yet = Aún no vigente: desde el { $from }
certificates-expiring = Caduca pronto
certificates-expired = Caducado
certificates-replaced = Sustituido
certificates-status-unknown = Vigencia desconocida
certificates-sha1 = Huella digital (SHA-1)
certificates-sha256 = Huella digital (SHA-256)
certificates-serial = Número de serie
certificates-taken-over = Incorporado
certificates-valid-from = Válido desde
certificates-download = Descargar el certificado (.cer)
certificates-download-chain = Descargar el certificado y su cadena (.pem)
certificates-file-hint = Si elige aquí el archivo del certificado, podrá descargarlo después, y verá su número de serie y sus dos huellas.
take-over-title = Incorpore certificados que ya existen
take-over-lead = Si Redtrust ya guarda certificados que no se emitieron en este portal, incorpórelos: los verá en su lista con su fecha de caducidad y podrá renovarlos. Redtrust decide cuáles puede renovar.
take-over-files = Archivos de los certificados (opcional)
hint-take-over-files = Uno o varios archivos .cer, .crt, .pem, .der o .p7b, o un .zip con todos; 4 MB en total como máximo. Sin claves privadas.
take-over-thumbprint = O la huella digital de uno (opcional)
hint-take-over-thumbprint = Así se incorpora sin sus datos: se los pediremos cuando lo renueve.
take-over-submit = Incorporar
take-over-this = Incorporar este certificado
take-over-link = Incorporar certificados que ya existen
missing-take-over = Elija los archivos de los certificados o escriba una huella digital
take-over-others-thumbprint = Ese certificado es de otra persona en este portal, así que no puede incorporarlo
taken-over-title = Certificados incorporados
taken-over-title-one = Certificado incorporado
take-over-only-ca = Es el certificado de una autoridad de certificación, que no hace falta incorporar
take-over-nothing = No se ha incorporado nada. Debajo se dice por qué, uno por uno
taken-over-nothing-new = No hay certificados nuevos que incorporar
taken-over-list = Ver sus certificados
taken-over-lines = Ver uno por uno
taken-over-no-name = Un certificado sin nombre
taken-over-dates = del { $from } al { $to }
renew-details-needed = De este certificado solo conocemos la huella digital. Para renovarlo, Redtrust necesita los datos del titular.
renew-details-of = Se renovará el certificado con la huella digital
wrong-thumbprint-digest = Esa es una huella { $given }. Aquí hace falta la { $wanted }, de { $digits } dígitos
wrong-thumbprint-not-here = El certificado con esa huella digital no se emitió en este portal. Compruebe la huella o incorpore el certificado
zip-password = Está protegido con contraseña. Guárdelo sin ella
zip-entry-too-large = Es demasiado grande para ser un certificado
zip-entry-damaged = Está dañado y no se puede descomprimir
zip-in-zip = Es un .zip dentro de otro y no lo abrimos. Elíjalo aparte
zip-damaged = El archivo .zip está dañado. Vuelva a crearlo
zip-too-large = El archivo .zip contiene demasiado. Repártalo en varios
take-over-left-out = { $count ->
    [one] No se ha examinado 1 archivo o certificado más
   *[other] No se han examinado { $count } archivos o certificados más
  }: en un envío caben { $most }. Vuelva a elegir los restantes
take-over-too-many-today = { $count ->
    [one] No se ha incorporado 1 certificado más
   *[other] No se han incorporado { $count } certificados más
  }: una persona puede incorporar { $most } en 24 horas. Incorpore los restantes mañana
taken-over-new = { $count ->
    [one] 1 certificado incorporado
   *[other] { $count } certificados incorporados
  }
taken-over-here = { $count ->
    [one] 1 certificado que ya tenía aquí
   *[other] { $count } certificados que ya tenía aquí
  }
taken-over-others = { $count ->
    [one] 1 certificado de otra persona, que no puede incorporar
   *[other] { $count } certificados de otras personas, que no puede incorporar
  }
taken-over-of-cas = { $count ->
    [one] 1 certificado de una autoridad de certificación, que no hace falta incorporar
   *[other] { $count } certificados de autoridades de certificación, que no hace falta incorporar
  }
taken-over-not-read = { $count ->
    [one] 1 archivo del que no se incorporó nada
   *[other] { $count } archivos de los que no se incorporó nada
  }
