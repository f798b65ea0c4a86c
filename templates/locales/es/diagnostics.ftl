## Diagnóstico: inicios de sesión fallidos, comparación con otro programa
nav-diagnostics = Diagnóstico
diagnostics-lead = Por qué no se ha podido iniciar sesión y si este portal firma igual que otro programa.
diagnostics-failures = Últimos inicios de sesión fallidos
diagnostics-failures-hint = Los últimos cincuenta de cada conexión y forma de entrar. No se guardan tokens ni usuarios.
diagnostics-not-here = Aquí solo se ve a quien vuelve de Redtrust. Si es la página de Redtrust la que rechaza el inicio de sesión (partner desconocido, firma rechazada, URL de redirección sin registrar), no vuelve nadie. Pruebe la conexión: pregunta a Redtrust y dice qué cambiar.
diagnostics-test = Probar { $name }
diagnostics-none = No ha fallado ningún inicio de sesión.
diagnostics-when = Cuándo
diagnostics-cause = Causa y qué hacer
diagnostics-known = Lo que se sabe
diagnostics-directly = Con credenciales de aplicación
diagnostics-signed = Mensaje firmado
diagnostics-timestamp = Marca de tiempo
diagnostics-seconds = { $number } (segundos), es decir, { $time }
diagnostics-milliseconds = { $number } (milisegundos), es decir, { $time }
diagnostics-token = Token que llegó
diagnostics-token-look = { $length } caracteres, { $parts } partes separadas por puntos, alfabeto: { $alphabet }
diagnostics-token-algorithm = Un JWS firmado con { $name }
diagnostics-parameters = Parámetros que llegaron
diagnostics-said = Redtrust dijo
diagnostics-error = Error de la llamada
diagnostics-clock = Reloj de Redtrust
diagnostics-ahead = { $seconds } segundos por delante del nuestro
diagnostics-behind = { $seconds } segundos por detrás del nuestro
diagnostics-digits = cifras
diagnostics-hex = cifras hexadecimales
diagnostics-base64url = Base64url
diagnostics-base64 = Base64
diagnostics-unreserved = letras, cifras y - . _ ~ + / =
diagnostics-other = otros caracteres
health-works = Funciona
health-fails = Falla
health-closed = Cerrada
health-direct-only = Solo usuarios de aplicación
health-url = Nadie puede iniciar sesión con Redtrust. URL de redirección: { $state }
health-never = Nadie ha iniciado sesión todavía
health-worked = Último inicio de sesión { $ago }
health-failed = El último inicio de sesión falló { $ago }: { $cause }
health-now = ahora mismo
health-minutes = hace { $count } min
health-hours = hace { $count } h
health-days = hace { $count ->
    [one] 1 día
   *[other] { $count } días
  }
health-failures = Ver los últimos fallos

## Causas de los fallos y qué hacer
why-token-missing = Volvió sin token
why-token-missing-fix = También ocurre cuando alguien cancela en Redtrust. Si nadie canceló: mire los parámetros que llegaron. Si el token viene en otro distinto de tkn, pregunte al soporte de Redtrust.
why-token-shape = Lo que llegó no parece un token
why-token-shape-fix = Mire su longitud y sus caracteres. Puede que algo entre Redtrust y este portal corte o cambie la dirección.
why-token-form = El token es de otro tipo que el que espera la conexión
why-token-form-fix = En la página de la conexión, elija en «{ admin-dialect-token }» la opción «{ admin-dialect-temp_token-opaque }» o «{ admin-dialect-temp_token-auto }».
why-token-signature = La firma del token no es correcta
why-token-signature-fix = La clave compartida de aquí no es la que usa Redtrust: vuelva a introducirla, compruebe su codificación y busque un espacio o un carácter que falte. Si las URL de inicio de sesión se aceptan con esta clave, elija en «{ admin-dialect-token }» la opción «{ admin-dialect-temp_token-opaque }».
why-token-claims = No se puede leer el contenido del token
why-token-claims-fix = En la página de la conexión, elija en «{ admin-dialect-token }» la opción «{ admin-dialect-temp_token-opaque }».
why-token-expired = El token había caducado
why-token-expired-fix = Si ocurre a menudo, los relojes no coinciden o la vuelta es lenta: sincronice los dos servidores con un servidor de hora.
why-token-clock = Los relojes no coinciden
why-token-clock-fix = Las horas del token no pueden ser correctas aquí. Sincronice este servidor y el de Redtrust con un servidor de hora.
why-token-audience = El token es para otro partner
why-token-audience-fix = Compruebe el nombre del partner en la página de la conexión. Redtrust lo espera en mayúsculas, tal como está registrado.
why-token-issuer = El token viene de otro emisor
why-token-issuer-fix = Compruebe el emisor en la página de la conexión o déjelo vacío.
why-token-redirect-url = El token es para otra URL de redirección
why-token-redirect-url-fix = Compare letra por letra la URL de redirección registrada en Redtrust con la de aquí: una barra final cuenta.
why-attempt-expired = Tardó más de diez minutos
why-attempt-expired-fix = No hay nada que hacer, salvo que ocurra a menudo: averigüe entonces qué retiene a la gente en la página de Redtrust.
why-redirect-url = La URL de redirección no está en uso
why-redirect-url-fix = Se desactivó o se cambió mientras alguien iniciaba sesión. Actívela o registre otra en «URL de redirección».
why-shared-key = La clave compartida no se puede usar
why-shared-key-fix = No tiene la codificación elegida. Compruebe la clave y su codificación en la página de la conexión.
why-rejected = Redtrust rechazó el token
why-rejected-fix = Mire lo que dijo Redtrust. Si rechaza todos los tokens, compruebe el campo en el que se envía (normalmente tempToken) y los permisos del partner en Redtrust.
why-credentials = Usuario o contraseña no aceptados
why-credentials-fix = Los usuarios de un dominio SAML, OAuth2 o de certificado no pueden entrar directamente. Si no es eso, la contraseña, el usuario o el dominio no son correctos.
why-unreachable = No se pudo conectar con Redtrust
why-unreachable-fix = Compruebe la dirección del servidor y su puerto (normalmente 8082 u 8083) y si un cortafuegos deja pasar a este servidor.
why-tls = No se confía en el certificado de Redtrust
why-tls-fix = Pegue la CA del servidor de Redtrust en la página de la conexión y compruebe que su certificado nombra este host y no ha caducado.
why-busy = Demasiadas llamadas a Redtrust habían fallado o esperaban
why-busy-fix = Espere un minuto. Si continúa, averigüe por qué el servidor de Redtrust va lento.
why-no-answer = Redtrust no respondió a tiempo
why-no-answer-fix = Averigüe por qué el servidor de Redtrust va lento, o si algo entre los dos lo retrasa.
why-bad-answer = La respuesta de Redtrust no se pudo usar
why-bad-answer-fix = A menudo responde un proxy en lugar de Redtrust, o la dirección no es la de la RA API. Pruebe la conexión en su página.

## Comparación con otro programa
compare-title = Comparar con otro programa
compare-hint = Pegue una URL de inicio de sesión que otro programa haya hecho para la misma conexión. Verá parte por parte en qué difiere de la que firma este portal para la misma hora, y qué hacer con la primera diferencia.
compare-url = URL de inicio de sesión del otro programa
compare-button = Comparar
compare-url-unreadable = No es una URL de inicio de sesión con marca de tiempo
compare-connection-blank = Elija una conexión
compare-no-url = Esta conexión no tiene ninguna URL de redirección en uso
compare-bad-key = La clave compartida no se puede usar con su codificación
compare-result = Comparación para { $name }
compare-same = Son iguales: este portal firma exactamente como el otro programa.
compare-made = La otra URL lleva la hora { $time }. Si no se hizo entonces, el reloj de ese programa va mal; Redtrust admite unos cinco minutos.
compare-part-server = Servidor
compare-part-path = Ruta
compare-part-order = Orden de los parámetros
compare-part = Parte
compare-theirs = Otro programa
compare-ours = Este portal
compare-state = Comparación
compare-absent = ninguno
compare-signature = De las firmas se muestra solo el principio y, entre paréntesis, cuántos caracteres tienen.
compare-equal = igual
compare-differs = difiere
compare-message = Mensaje que firma este portal
compare-finder = Averiguar los ajustes de compatibilidad con este ejemplo
compare-server = El servidor difiere: esquema, host o puerto. Compruebe la dirección de la conexión; Redtrust suele escuchar en 8082 u 8083.
compare-path = La ruta difiere. La documentación de Redtrust indica /authclient/auth/loginrequest: pregunte al soporte de Redtrust por la otra.
compare-order = Los parámetros tienen otros nombres u otro orden. Si la otra URL se acepta, averigüe los ajustes a partir de ella.
compare-consumer = Consumer difiere. Este portal envía RA_API, como dice la documentación de Redtrust.
compare-domain = El dominio difiere. Escríbalo en la página de la conexión exactamente como lo envía el otro programa o déjelo vacío.
compare-redirect-url-slash = Las URL de redirección difieren en una barra final. Redtrust compara letra por letra: pida que registren exactamente la URL de este portal.
compare-redirect-url = Las URL de redirección difieren. Es lo correcto si el otro programa tiene otra dirección; la URL de este portal debe estar registrada en Redtrust.
compare-escaping = La URL de redirección está codificada de otra manera. En la página de la conexión, elija en «{ admin-dialect-url }» la opción «{ $value ->
    [dotnet-lower] { admin-dialect-url_encoding-dotnet-lower }
    [dotnet-upper] { admin-dialect-url_encoding-dotnet-upper }
   *[other] { admin-dialect-url_encoding-rfc3986 }
}» (url_encoding = { $value }).
compare-escaping-unknown = La URL de redirección está codificada de una manera que no corresponde a ningún ajuste. Averigüe los ajustes a partir de esta URL.
compare-seconds = El otro programa envía la marca de tiempo en segundos. En la página de la conexión, elija en «{ admin-dialect-timestamp }» la opción «{ admin-dialect-timestamp_unit-seconds }» (timestamp_unit = seconds).
compare-milliseconds = El otro programa envía la marca de tiempo en milisegundos. En la página de la conexión, elija en «{ admin-dialect-timestamp }» la opción «{ admin-dialect-timestamp_unit-milliseconds }» (timestamp_unit = milliseconds).
compare-partner-case = El partner está escrito con otras mayúsculas o minúsculas. La documentación de Redtrust pide mayúsculas, como lo envía este portal: corrija el otro programa.
compare-partner = El partner difiere. Compruebe su nombre en la página de la conexión.
compare-settings = Solo difiere la firma. La clave compartida es correcta; firma esta URL con estos ajustes: { $settings }. Póngalos en la página de la conexión.
compare-key-blank = Solo difiere la firma: la clave compartida se guardó con espacios o saltos de línea. Vuelva a introducirla sin ellos.
compare-mistake = Solo difiere la firma. La explica un error del otro programa:
compare-key-damaged = Solo difiere la firma, y la clave compartida guardada aquí parece dañada: pídala otra vez, compare su longitud, su principio y su final, e introdúzcala entera.
compare-key = Solo difiere la firma y ninguna combinación conocida la produce con la clave compartida. La clave es otra, o el mensaje firmado es poco habitual: vuelva a introducir la clave y averigüe después los ajustes a partir de esta URL.
