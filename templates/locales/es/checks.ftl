# La prueba de una conexión: páginas y línea de órdenes.

check-title = Prueba de { $name }
check-button = Probar esta conexión
check-button-hint = Mira el nombre, el puerto, el certificado, el reloj, la RA API y una URL de inicio de sesión firmada, y dice qué hacer. No cambia nada.
check-all-well = Esta conexión no tiene ningún fallo.
check-some-fail = { $count ->
    [one] Ha fallado una comprobación. En ella se indica qué hacer.
   *[other] Han fallado { $count } comprobaciones. En cada una se indica qué hacer.
}
check-running = Ya se está probando esta conexión. Inténtelo cuando termine, en 20 segundos como mucho.
check-what-to-do = Qué hacer:
check-said = Redtrust dice:
check-again = Probar otra vez
check-again-lead = Para probar también el acceso directo, indique un usuario de aplicación. Se inicia y se cierra su sesión; no se guarda nada.
check-username = Usuario
check-username-hint = El usuario de un dominio se escribe usuario@dominio.
check-password = Contraseña
check-password-missing = Escriba la contraseña

check-name-dns = Nombre (DNS)
check-name-tcp = Puerto (TCP)
check-name-tls = Certificado (TLS)
check-name-clock = Reloj
check-name-api = RA API
check-name-login-url = URL de inicio de sesión
check-name-direct-login = Acceso directo
check-pass = Correcto
check-fail = Fallo
check-skip = Sin comprobar

check-skip-after = Sin comprobar, porque antes ha fallado { $name ->
    [dns] el nombre
    [tcp] el puerto
    [tls] el certificado
   *[other] la RA API
}.
check-skip-time = Sin comprobar, porque la prueba ha tardado demasiado.
check-skip-http = La dirección empieza por http://, así que no hay TLS. Eso solo es posible en esta misma máquina.
check-skip-date = El servidor no dice su hora.
check-skip-credentials = No se ha indicado usuario ni contraseña.
check-skip-public-url = Aquí no se conoce la dirección del propio portal, así que no hay URL de redirección que firmar.
check-skip-public-url-fix = Defina RUBRICA_PUBLIC_URL o escriba la URL de redirección.

check-dns-leads = { $host } se resuelve como { $addresses }.
check-dns-literal = La dirección { $address } no necesita consulta.
check-dns-forbidden = { $host } se resuelve como { $address }, una dirección a la que el portal nunca llama.
check-dns-forbidden-fix = Escriba la dirección propia del servidor de Redtrust. Nunca se llama a direcciones de esta máquina, de enlace local ni reservadas, para que nadie alcance otros servidores a través del portal.
check-dns-unknown = No se conoce el nombre { $host }: { $detail }
check-dns-unknown-fix = Compruebe cómo está escrita la dirección. Si el nombre solo se conoce en la red del cliente, esta máquina debe consultar un servidor de nombres que lo conozca.
check-dns-timeout = El servidor de nombres no ha respondido a la consulta de { $host }.
check-dns-timeout-fix = Compruebe los servidores de nombres de esta máquina y pruebe otra vez.

check-tcp-open = El puerto { $port } responde.
check-tcp-open-partly = El puerto { $port } responde, pero no en { $addresses }.
check-tcp-open-partly-fix = Las llamadas son lentas mientras el nombre corresponda también a direcciones que no responden. Pida que las reparen o que las quiten del nombre.
check-tcp-refused = En el puerto { $port } no escucha nadie: la conexión se ha rechazado.
check-tcp-timeout = El puerto { $port } no responde.
check-tcp-failed = No se puede llegar al puerto { $port }: { $detail }
check-tcp-other-port-fix = Los puertos habituales de Redtrust son 8082 y 8083. El puerto { $open } responde: cambie el puerto de la dirección a { $open }.
check-tcp-refused-fix = Los puertos habituales de Redtrust son 8082 y 8083, y ninguno responde. Pregunte si Redtrust está en marcha y en qué puerto escucha su RA API.
check-tcp-timeout-fix = Los puertos habituales de Redtrust son 8082 y 8083, y ninguno responde. Pregunte si el servidor está encendido y si un cortafuegos deja pasar a esta máquina.

check-tls-trusted = El certificado es de confianza, { $by ->
    [private] por la CA privada
   *[other] por una CA pública
}. Es para { $names }, lo emitió { $issuer } y vale hasta { $until }.
check-tls-accepted = El certificado es de confianza.
check-tls-ends-soon-fix = Al certificado le quedan menos de 30 días: pida que lo renueven antes.
check-tls-name = El certificado no es para { $host }. Es para { $names }.
check-tls-name-fix = Escriba la dirección con un nombre del certificado, o pida un certificado para { $host }.
check-tls-no-name = El certificado no nombra ningún servidor, así que no es para { $host }.
check-tls-no-name-fix = Pida un certificado con { $host } como nombre alternativo del sujeto. El nombre común solo no cuenta.
check-tls-expired = El certificado caducó el { $since }.
check-tls-expired-fix = Pida que renueven el certificado del servidor de Redtrust.
check-tls-not-yet = El certificado solo es válido desde el { $from }.
check-tls-not-yet-fix = Compruebe el reloj de esta máquina. Si está bien, pida que hagan de nuevo el certificado del servidor.
check-tls-self-signed = El servidor firmó él mismo su certificado. SHA-256: { $fingerprint }
check-tls-self-signed-fix = Pida ese certificado a quien administra el servidor, compare la huella y péguelo como CA privada. Entonces se confía exactamente en ese certificado.
check-tls-self-signed-other-fix = No es ninguno de los introducidos como CA privada: puede que el servidor tenga uno nuevo. Pídalo a quien administra el servidor, compare la huella y péguelo como CA privada.
check-tls-unknown-ca = No se confía en la CA del certificado. Lo emitió { $issuer }.
check-tls-unknown-ca-fix = Pida el certificado de esa CA a quien administra el servidor y péguelo como CA privada.
check-tls-other-ca-fix = La CA privada introducida es otra. Pida el certificado de la CA que aquí se nombra y péguelo como CA privada.
check-tls-plain-http = En el puerto { $port } el servidor usa HTTP sin TLS.
check-tls-plain-http-fix = Pida que activen TLS ahí, o escriba el puerto que lo tiene. El portal no envía nada sin TLS por una red.
check-tls-not-plain = En el puerto { $port } el servidor usa TLS, pero la dirección empieza por http://.
check-tls-not-plain-fix = Empiece la dirección por https://.
check-tls-too-old = El servidor solo ofrece versiones de TLS que ya no son seguras.
check-tls-too-old-fix = Pida que activen TLS 1.2 o 1.3 en el servidor.
check-tls-none = El servidor ha cerrado la conexión antes de que empezara TLS.
check-tls-none-fix = Compruebe que el puerto es el de la RA API y que nada rompe TLS entre esta máquina y el servidor.
check-tls-timeout = El servidor acepta conexiones, pero TLS no empieza.
check-tls-no-roots = No hay ninguna CA con la que comprobar el certificado: esta máquina no tiene la lista de CA públicas, o la CA privada no se puede usar.
check-tls-no-roots-fix = Instale el paquete de certificados de CA del sistema, o pegue otra vez la CA privada.
check-tls-other = No se acepta el certificado: { $detail }
check-tls-other-fix = Pida un certificado de servidor que nombre la máquina, de una CA cuyo certificado esté introducido aquí.

check-clock-agrees = Los relojes coinciden con { $seconds } s de diferencia.
check-clock-ahead = El reloj de Redtrust va { $seconds } s por delante del de esta máquina: allí { $there }, aquí { $here }.
check-clock-behind = El reloj de Redtrust va { $seconds } s por detrás del de esta máquina: allí { $there }, aquí { $here }.
check-clock-fix = Vea cuál de las dos horas está mal y pida que ese reloj se ajuste con un servidor de hora (NTP). Redtrust rechaza las URL de inicio de sesión cuya hora se aleja demasiado de la suya.

check-api-answers = La RA API responde ({ $code }) y conoce el campo del token temporal.
check-api-untold = La RA API responde ({ $code }). Si conoce el campo del token temporal se verá en el primer inicio de sesión.
check-api-field = La RA API no conoce el campo { $set }: espera el token temporal en { $right }.
check-api-field-fix = Escriba { $right } como nombre del campo del token temporal (temp_token_field).
check-api-other = Responde con estado { $status } algo que no es la RA API.
check-api-other-page = Responde con estado { $status } algo que no es la RA API: «{ $title }».
check-api-other-fix = Compruebe servidor y puerto: el habitual de la RA API es 8082. Un proxy delante de ella debe dejar pasar /raapi, /authapi y /authclient.
check-api-redirects = En lugar de la RA API hay una redirección a { $to }.
check-api-unavailable = Redtrust no está disponible (estado { $status }).
check-api-unavailable-fix = Pruebe otra vez dentro de un rato. Si sigue igual, pregunte a quien administra Redtrust.
check-no-answer = No ha llegado respuesta a tiempo.
check-cut = No se ha recibido una respuesta que sirva: { $detail }

check-login-page = Redtrust muestra su página de inicio de sesión.
check-login-scripts = Redtrust muestra una página que necesita scripts. Solo se puede leer en un navegador, pero no es un rechazo.
check-login-leads = Redtrust lleva a { $to }.
check-login-not-in-use = Redtrust acepta { $url }, pero el portal aún no la usa.
check-login-not-in-use-fix = Introdúzcala en «URL de redirección» y márquela como registrada.
check-login-not-signed = No se puede firmar la URL de inicio de sesión: { $detail }
check-login-not-signed-fix = Escriba otra vez la clave compartida y compárela con el ajuste de cómo está escrita (key_encoding).
check-login-partner = Redtrust no conoce al partner { $partner }.
check-login-partner-fix = Pregunte cómo se llama exactamente la aplicación en Redtrust y si este es el servidor correcto.
check-login-signature = Redtrust rechaza la firma.
check-login-signature-fix = Escriba otra vez la clave compartida, entera y sin espacios. Si está bien, el servidor espera que se firme otra cosa: averigüe sus ajustes con una URL de inicio de sesión que funcione, en las páginas o con rubrica find-dialect.
check-login-key-hex-odd = { check-login-signature } { finder-key-hex-odd }
check-login-key-hex-foreign = { check-login-signature } { finder-key-hex-foreign }
check-login-key-base64 = { check-login-signature } { finder-key-base64 }
check-login-key-bytes = { check-login-signature } { finder-key-bytes }
check-login-key-damaged-fix = Pida otra vez la clave compartida, compare su longitud, su principio y su final, e introdúzcala entera. Si ya está bien, averigüe los ajustes del servidor con una URL de inicio de sesión que funcione.
check-login-key-blanks = Redtrust rechaza la firma, y la acepta si se quitan los espacios que hay en la clave compartida.
check-login-key-blanks-fix = Escriba otra vez la clave compartida, sin espacios.
check-login-timestamp = Redtrust rechaza la hora de la URL de inicio de sesión.
check-login-timestamp-fix = Compare los relojes de las dos máquinas y la unidad que espera el servidor (timestamp_unit).
check-login-setting = Redtrust rechaza la URL de inicio de sesión tal como la hacen los ajustes y la acepta con { $setting } = { $right } en lugar de { $set }.
check-login-setting-fix = Ponga { $setting } en { $right }.
check-login-not-registered = La URL de redirección no está registrada en Redtrust.
check-login-register-fix = Registre en Redtrust exactamente esta URL: { $url }
check-login-slash = Redtrust tiene la URL de redirección con otro final: { $registered }
check-login-refused = Redtrust rechaza la URL de inicio de sesión (estado { $status }).
check-login-refused-fix = Pregunte a quien administra Redtrust qué dice su registro sobre este momento.

check-direct-signed-in = El usuario ha podido iniciar sesión. Después se ha cerrado esa sesión.
check-direct-not-signed-out = El usuario ha podido iniciar sesión. Después no se ha podido cerrar esa sesión; terminará sola.
check-direct-not-offered-fix = Esta conexión no ofrece a nadie el acceso directo. Marque ese ajuste si debe ofrecerlo.
check-direct-credentials = Redtrust no acepta el usuario, la contraseña o el dominio.
check-direct-credentials-fix = Compruebe los tres. El usuario de un dominio se escribe usuario@dominio.
check-direct-change-password = El usuario debe cambiar antes la contraseña.
check-direct-change-password-fix = Cambie la contraseña del usuario en Redtrust y pruebe otra vez con la nueva.
check-direct-wait = El usuario debe esperar, normalmente por demasiadas contraseñas equivocadas.
check-direct-wait-fix = Espere unos minutos y pruebe otra vez.
check-direct-page-only = Los usuarios de este dominio solo inician sesión en la página de Redtrust.
check-direct-page-only-fix = Use un usuario de aplicación cuya contraseña guarde el propio Redtrust. Los usuarios de dominios SAML, OAuth2 y de certificado entran por la redirección.
check-direct-not-allowed = El usuario, o este Redtrust, no puede usar la RA API.
check-direct-not-allowed-fix = Pregunte a un administrador de Redtrust por los permisos del usuario y por la licencia del módulo de RA.
check-direct-refused = Redtrust rechaza el inicio de sesión.
