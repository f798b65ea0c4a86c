## Renovar un certificado
renew-choose-title = ¿Qué certificado quiere renovar?
renew-lead = El certificado nuevo sustituye al anterior en Redtrust y conserva su configuración y sus asociaciones.
renew-list = Sus certificados, primero los que antes caducan
renew-search = Buscar entre sus certificados
renew-expired = { $count ->
    [one] Ver el que ha caducado: ya no se puede renovar
   *[other] Ver los { $count } que han caducado: ya no se pueden renovar
  }
renew-both = Ha escrito una huella digital y ha elegido un archivo. Indique el certificado de una sola forma
renew-none = Aquí no tiene certificados que se puedan renovar.
renew-see-why = Ver por qué
renew-now = Ya se puede renovar.
renew-from = Lo habitual es renovarlo a partir del { $date }.
renew-or-file = O el archivo del certificado
renew-which-title = ¿Cuál de los certificados del archivo quiere renovar?
renew-which-facts = Emitido el { $issued }, { $until }. Huella digital { $thumbprint }.
renew-which-others = También están en el archivo
renew-which-others-why = Estos certificados no se emitieron en este portal. Para renovarlos, incorpórelos.
renew-which-dates = válido del { $from } al { $to }, huella digital
missing-which = Elija el certificado que quiere renovar
renew-type-title = Indique el certificado por su huella digital o su archivo
hint-thumbprint = 40 o 64 dígitos, como los muestra Redtrust. Los espacios y los dos puntos no importan.
missing-thumbprint = Escriba la huella digital del certificado o elija su archivo
wrong-thumbprint-digit = Una huella digital solo tiene las cifras del 0 al 9 y las letras de la A a la F
wrong-thumbprint-length = Una huella digital tiene 40 o 64 dígitos; hay { $length }

renew-changed-title = Renovar este certificado
hint-data-changed = Nombre, documento, entidad, cargo: solo se renueva con datos que no han cambiado.
renew-changed-no = No, todo sigue igual
renew-changed-no-hint = Renovamos el certificado con los mismos datos.
renew-changed-yes = Sí, algo ha cambiado
renew-changed-yes-hint = Emitirá un certificado nuevo. Copiamos sus respuestas anteriores para que las corrija.
renew-endless = Este certificado no caduca: no hace falta renovarlo.
renew-not-yet = No será válido hasta el { $from }. La autoridad de certificación puede rechazar que se renueve antes.
renew-early = Lo habitual es renovar a partir del { $date }. La autoridad de certificación puede rechazar una renovación anterior.
renew-estimated = La fecha de caducidad es una estimación, porque Redtrust no la indica. La exacta figura en el propio certificado.

renew-blocked-title = Este certificado no se puede renovar
renew-expired-why = Ha caducado.
renew-expired-next = Solo se puede renovar un certificado vigente. Emita uno nuevo; copiamos sus respuestas anteriores.
renew-estimated-why = Ha caducado, según nuestra estimación.
renew-estimated-next = Redtrust no indica la fecha de caducidad. Si el certificado sigue vigente, elija su archivo en su página: leeremos la fecha exacta y podrá renovarlo. Si no, emita uno nuevo; copiamos sus respuestas anteriores.
renew-seal-why = Los sellos no se renuevan.
renew-seal-next = La autoridad de certificación emite un sello nuevo cada vez. Emita uno nuevo; copiamos sus respuestas anteriores.
renew-replaced-why = Ya se ha renovado.
renew-replaced-next = Otro certificado ocupa su lugar. Renueve ese.
renew-open = Renovación sin terminar
renew-open-unknown = Renovación de resultado desconocido
renew-under-way-why = Ya ha empezado una renovación, y no ha terminado o no se conoce su resultado.
renew-under-way-next = Termine esa renovación, o renuncie a ella, antes de empezar otra.
renew-unknown-why = Ya no tenemos los datos con los que se emitió.
renew-unknown-next = Emita un certificado nuevo.
renew-look-at = Ver qué lo impide
renew-anew = Emitir uno nuevo con estas respuestas

renew-check-title = Compruebe la renovación
renew-old-title = El certificado que tiene
renew-new-title = El certificado nuevo
renew-key-settings = Claves
renew-carries-over = Redtrust crea claves nuevas. La configuración y las asociaciones del certificado anterior pasan al nuevo.
renew-confirm = Ningún dato ha cambiado y quiero renovar este certificado
renew-details-confirm = Los datos son los del certificado y quiero renovarlo
renew-submit = Renovar el certificado
