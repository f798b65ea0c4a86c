# Certificados que ya existen y que no se emitieron en este portal.
certificates-endless = Sin fecha de caducidad
certificates-expiry-unknown = No se conoce la fecha de caducidad
certificates-not-issued-here = no se emitió en este portal
certificates-not-issued-here-hint = Este certificado no se emitió en este portal: lo incorporó usted. Redtrust decide si lo puede renovar.
renew-date-unknown = Aquí no se conoce la fecha de caducidad de este certificado. Si tiene el archivo del certificado, incorpórelo y la leeremos.
renew-date-unknown-short = Se puede pedir la renovación; no se conoce la fecha de caducidad.
