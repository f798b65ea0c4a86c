## Emitir un certificado: los pasos
issue-place = Paso { $at } de { $of }
issue-place-first = Paso 1
issue-kind-title = ¿Para quién es el certificado?
issue-name-title = ¿Qué nombre llevará el certificado?
issue-holder-title = ¿Quién es el titular?
issue-holder-hint = Escriba los nombres tal como figuran en el documento de identidad.
issue-holder-hint-renewal = Escriba los nombres tal como figuran en el certificado que renueva. El nombre del certificado nuevo se compone con sus respuestas.
issue-organisation-title = ¿A qué entidad pertenece?
issue-represented-title = ¿A qué entidad representa?
issue-seal-title = ¿De qué entidad es el sello?
issue-options-title = Contacto y otras opciones
issue-check-title = Compruebe sus respuestas
issue-advanced = Opciones avanzadas: claves
issue-advanced-hint = Los valores que ve sirven para casi todo el mundo. Cámbielos solo si se lo han indicado.
issue-not-given = No indicado
issue-confirm = Los datos son correctos y quiero emitir este certificado
issue-submit = Emitir el certificado
issue-submit-hint = Aunque pulse dos veces, solo se emite un certificado.
draft-discard = Descartar este borrador

issue-stale-title = Este paso se ha cambiado en otra ventana
issue-stale-text = No hemos guardado sus respuestas, para no sobrescribir nada sin avisar. Siguen aquí abajo. Pulse Continuar para guardarlas en lugar de las otras.
issue-stale-field = Campo
issue-stale-stored = Guardado ahora
issue-stale-typed = Lo que ha escrito

check-stale-title = Las respuestas se han cambiado en otra ventana
check-stale = Algo ha cambiado desde que se mostró esta página, así que no se ha solicitado nada. Compruebe las respuestas, y lo que ya tiene este titular, tal como están ahora.
check-stale-shown = Lo que mostraba esta página
check-preview-title = Asunto (DN) tal como figurará en el certificado
check-duplicates = { $count ->
    [one] Ya hay un certificado vigente, o una solicitud en curso, para este titular. Continúe solo si necesita otro.
   *[other] Ya hay { $count } certificados vigentes, o solicitudes en curso, para este titular. Continúe solo si necesita otro.
}
check-namesakes = { $count ->
    [one] Hay otra persona con el mismo nombre y otro documento. No es un duplicado; compruebe que ha elegido a la correcta.
   *[other] Hay { $count } certificados o solicitudes de personas con el mismo nombre y otro documento. No son duplicados; compruebe que ha elegido a la correcta.
}
check-duplicate-expires = caduca el { $date }
check-duplicate-expires-estimated = caduca el { $date } (estimado)
check-duplicate-valid = certificado sin fecha de caducidad conocida
check-duplicate-under-way = solicitud en curso
check-duplicate-unknown = solicitud de resultado desconocido
check-duplicate-in-run = en espera en otro lote, fila { $line }
check-duplicate-row = fila { $row } de este archivo

connection-gone-title = Este servidor de Redtrust no está disponible
connection-gone-what = Se ha eliminado o desactivado, así que no se ha enviado nada. Lo que guardó está a salvo.
connection-gone-next = Consulte a quien administra este servicio e inténtelo más tarde.

## Tipos de titular
kind-person = Persona física
kind-person-hint = En su propio nombre.
kind-linked = Persona física vinculada a entidad
kind-linked-hint = Alguien que trabaja en una entidad o forma parte de ella.
kind-representative = Representante de persona jurídica
kind-representative-hint = Alguien que puede actuar en nombre de una entidad. El NIF de esta formará parte del nombre.
kind-seal = Sello electrónico de entidad
kind-seal-hint = Para firmar de forma automática en nombre de una entidad, sin intervención de una persona.
kind-name = Solo un nombre
kind-name-hint = Únicamente un nombre común, sin datos de identidad.
document-dni = DNI
document-nie = NIE
document-passport = Pasaporte

## Campos
field-kind = Tipo de titular
field-given-names = Nombre
field-first-surname = Primer apellido
field-second-surname = Segundo apellido
field-one-name = Solo tiene un nombre
hint-one-name = Márquelo si en su documento figura un solo nombre. Escríbalo como nombre o como apellido y deje el otro campo en blanco.
field-document-type = Documento de identidad
field-document-number = Número del documento
hint-document-number = Por ejemplo, 12345678Z. Los espacios, puntos y guiones no importan.
field-document-country = País del pasaporte
hint-document-country = Solo para pasaportes: dos letras, por ejemplo FR.
field-organisation-name = Nombre de la entidad
hint-organisation-name = La denominación social, con su forma jurídica.
field-organisation-nif = NIF de la entidad
hint-organisation-nif = Por ejemplo, A58818501.
field-department = Departamento
field-position = Cargo
hint-position = Como máximo, 64 caracteres.
field-email = Correo electrónico
hint-email = Solo para contacto. Se guarda aquí y no se envía a Redtrust.
hint-email-sent = Para contacto. Redtrust lo incluye en el certificado.
hint-group-ids = Los grupos de personas de Redtrust que podrán usar el certificado.
field-common-name = Nombre en el certificado
hint-common-name = Es lo que se leerá como titular, exactamente como usted lo escriba.
hint-common-name-person = Déjelo en blanco para usar el nombre y los apellidos.
hint-common-name-seal = Por ejemplo, el nombre del sistema o servicio que sella.
field-hash-type = Función hash
field-key-length = Longitud de la clave
key-length-bits = RSA, { $bits } bits
field-provider = Autoridad de certificación
field-group-ids = Grupos
field-data-changed = ¿Ha cambiado alguno de estos datos?

## Campos en blanco o con una opción que no existe
missing-kind = Elija para quién es el certificado
missing-given-names = Escriba el nombre
missing-either-name = Escriba el nombre o el apellido
wrong-one-name = Ha marcado que solo tiene un nombre, pero ha escrito más de uno. Desmárquelo o deje un solo campo
missing-first-surname = Escriba el primer apellido
missing-document-number = Escriba el número del documento
missing-organisation-name = Escriba el nombre de la entidad
missing-organisation-nif = Escriba el NIF de la entidad
missing-common-name = Escriba el nombre que llevará el certificado
missing-data-changed = Indique si ha cambiado alguno de los datos
missing-confirm = Confirme que los datos son correctos
missing-other = Rellene este campo
choose-document-type = Elija DNI, NIE o pasaporte
choose-hash-type = Elija una de las funciones hash de la lista
choose-key-length = Elija una de las longitudes de clave de la lista
choose-provider = Elija una de las autoridades de certificación de la lista
choose-other = Elija una de las opciones de la lista

## Nombres que no pueden figurar en un certificado
wrong-name-no-letter = { $field }: escriba al menos una letra
wrong-name-long = { $field }: escriba como máximo { $max } caracteres; hay { $length }
wrong-name-control = { $field }: contiene una tabulación, un salto de línea o un carácter de control. Escríbalo de nuevo en vez de pegarlo
wrong-note-control = { $field }: contiene una tabulación o un carácter de control. Escríbalo de nuevo en vez de pegarlo
wrong-name-bidi = { $field }: contiene caracteres ocultos que invierten el texto. Escríbalo de nuevo en vez de pegarlo
wrong-name-zero-width = { $field }: contiene caracteres invisibles. Escríbalo de nuevo en vez de pegarlo
wrong-name-mixed = { $field }: mezcla letras de alfabetos distintos. Escríbalo todo en un solo alfabeto
wrong-name-character = { $field }: el carácter «{ $character }» no puede formar parte de un nombre. Escríbalo como figura en el documento de identidad

## Números que no son correctos
wrong-number-characters = Use solo letras de la A a la Z y cifras en el número
wrong-number-length = El número debe tener 9 caracteres; hay { $length }
wrong-number-no-letter = Falta la letra del final. Escríbala tal como figura en el documento
wrong-number-short-dni = Un DNI tiene 8 cifras y una letra. Si el suyo tiene menos cifras, complételo con ceros por delante
wrong-number-form = Las letras y las cifras no están en su sitio. Un DNI tiene 8 cifras y una letra; un NIE empieza por X, Y o Z
wrong-number-letter = La letra no corresponde al número. Compruebe ambos.
wrong-number-control = El último carácter no corresponde al número. Compruebe ambos.
wrong-number-is-nie = Esto es un NIE. Elija NIE como documento o escriba el DNI
wrong-number-is-dni = Esto es un DNI. Elija DNI como documento o escriba el NIE
wrong-number-is-company = Esto parece el NIF de una empresa. Escriba el número de la persona
wrong-nif-form = El NIF de una empresa tiene una letra, siete cifras y, al final, una cifra o una letra
wrong-nif-is-personal = Este es el número de una persona. Escriba el NIF de la entidad
wrong-passport-characters = Use solo letras de la A a la Z y cifras en el número del pasaporte
wrong-passport-long = El número del pasaporte puede tener como máximo 20 caracteres
wrong-country = Escriba el país del pasaporte con dos letras, por ejemplo FR
wrong-country-no-such = Ningún país tiene ese código. Escriba el código de dos letras del país del pasaporte, por ejemplo FR
wrong-country-write = El código de ese país es { $code }. Escriba { $code }
wrong-email = Escriba una dirección de correo como nombre@example.com
wrong-email-not-ascii = Esta dirección figurará en el certificado, que solo admite letras sin acentos ni eñes. Escriba una dirección sin ellas
wrong-group = Aquí no se ofrecen esos grupos. Quítelos
wrong-info = Use solo caracteres visibles, 255 como máximo
wrong-thumbprint-in-issue = Un certificado nuevo no sustituye a otro. Para sustituirlo, renuévelo

## Avisos que no impiden seguir
warn-long = { $field } tiene { $length } caracteres. La autoridad de certificación puede rechazar más de 64.
warn-unusual-nif = El NIF termina en un carácter poco habitual en este tipo de entidad. Compruébelo.
form-kept = Lo que escribió sigue aquí. Compruébelo y continúe.
form-kept-file = Lo que escribió sigue aquí. Los archivos no se guardan: vuelva a elegir el suyo.
form-file-again = Lo que eligió aquí no se conserva: vuelva a elegirlo si quiere enviarlo
form-stale = Lo que muestra esta página se ha cambiado mientras tanto, por otra persona o en otra ventana, y todavía no se ha guardado nada. Revíselo y guarde otra vez.
form-stale-taken = Campos cambiados mientras tanto, con el valor guardado ahora: { $fields }.
form-stale-field = { $field }: el valor guardado ahora es «{ $value }». En el campo sigue lo que usted ha indicado; guarde otra vez para sustituirlo.
form-stale-empty = { $field }: ahora está en blanco. En el campo sigue lo que usted ha indicado; guarde otra vez para guardarlo.

## Usuarios que no pueden emitir
may-not-issue-title = Este usuario no puede emitir certificados
may-not-issue-again = Si ya le han dado permiso, puede intentarlo de nuevo.
may-not-issue-try = Intentarlo de nuevo
may-not-issue-banner = Redtrust no permite emitir certificados a este usuario. Enviar esta solicitud no servirá de nada hasta que quien administra Redtrust le dé permiso.
