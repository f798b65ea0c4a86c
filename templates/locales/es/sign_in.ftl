## Inicio de sesión
sign-in-title = Iniciar sesión
sign-in-lead = Aquí se emiten y renuevan certificados digitales que se guardan en Redtrust.
sign-in-choose = ¿Dónde está su cuenta?
sign-in-last = Usado por última vez en este navegador
sign-in-unreachable = La última vez que lo intentó, este portal no pudo comunicarse con Redtrust: puede que el inicio de sesión falle o tarde más de lo normal. Si falla, espere un minuto y vuelva a intentarlo.
sign-in-clock = El reloj de Redtrust y el de este portal no coinciden: puede que el inicio de sesión falle. Si falla, avise a quien administra este servicio.
sign-in-choose-again = Ir al inicio de sesión
sign-in-none = Todavía no hay ningún servidor Redtrust conectado. Pida a quien administra este servicio que añada uno.
sign-in-connection = Servidor Redtrust
sign-in-redtrust = Iniciar sesión con Redtrust
sign-in-redtrust-hint = Irá a la página de Redtrust y después volverá aquí.
sign-in-direct-title = Usar credenciales de aplicación
sign-in-direct-hint = Solo para usuarios de aplicación; los de un dominio SAML, OAuth2 o de certificado no pueden entrar así. Quienes entran con el mismo usuario comparten lo que este emite.
sign-in-direct = Entrar con estas credenciales
sign-in-username = Usuario
sign-in-password = Contraseña
sign-in-domain = Dominio
sign-in-domain-hint = O escriba usuario@dominio como usuario.
sign-in-username-blank = Escriba el usuario
sign-in-password-blank = Escriba la contraseña
sign-in-credentials = No se ha aceptado el usuario o la contraseña
sign-in-input = Redtrust no acepta estos datos. Compruebe el usuario y el dominio; los usuarios de un dominio SAML, OAuth2 o de certificado tienen que usar «Iniciar sesión con Redtrust»
sign-in-refused = Redtrust no ha aceptado el inicio de sesión. Compruebe el usuario y la contraseña
sign-in-unknown-user = usuario desconocido

sign-in-no-connection-title = Este servidor Redtrust no está disponible
sign-in-no-connection-what = Aquí no existe ese servidor o se ha desactivado. Nadie ha iniciado sesión.
sign-in-no-connection-next = Elija otro o pregunte a quien administra este servicio.

sign-in-url-what = Redtrust solo devuelve a las personas a una dirección que conoce. Hasta que eso se resuelva, nadie puede iniciar sesión aquí. No se ha enviado nada a Redtrust.
sign-in-url-missing-title = El inicio de sesión aún no está configurado
sign-in-url-missing-next = Un administrador tiene que introducir la URL de redirección de este servidor en «URL de redirección» y hacer que se registre en Redtrust.
sign-in-url-draft-title = La URL de redirección aún no está registrada
sign-in-url-draft-next = Un administrador tiene que registrar la URL de redirección en Redtrust y después marcarla como registrada en «URL de redirección».
sign-in-url-disabled-title = La URL de redirección está desactivada
sign-in-url-disabled-next = Un administrador tiene que volver a activar la URL de redirección en «URL de redirección» o introducir otra.
sign-in-url-moved-next = La dirección pública de este servidor ha cambiado. Un administrador tiene que registrar en Redtrust la nueva URL de redirección e indicarlo después en la página de la conexión.

sign-in-key-title = El inicio de sesión no está bien configurado
sign-in-key-what = La clave compartida con Redtrust no se puede usar en la forma elegida. No se ha enviado nada a Redtrust.
sign-in-key-next = Un administrador tiene que revisar la clave compartida y su codificación en la página de esta conexión.

## La vuelta de Redtrust
callback-next = Empiece de nuevo en la página de inicio de sesión. Si vuelve a ocurrir, pida ayuda e indique la referencia de abajo.
callback-start-again = Volver a iniciar sesión
callback-missing-title = No se ha iniciado la sesión
callback-missing-what = Redtrust le ha devuelto sin iniciar la sesión. También ocurre cuando se cancela allí.
callback-shape-title = Este enlace no está completo
callback-shape-what = Lo que ha llegado de Redtrust no es un enlace de inicio de sesión que podamos leer. Nadie ha iniciado sesión.
callback-used-title = Este enlace ya se ha usado
callback-used-what = Cada enlace de inicio de sesión sirve una sola vez y este ya se usó. Aquí nadie ha iniciado sesión.
callback-no-attempt-title = Este inicio de sesión no empezó aquí
callback-no-attempt-what = El enlace pertenece a un inicio de sesión que empezó en otro navegador o que ya terminó. Nadie ha iniciado sesión.
callback-still-signed-in = Su sesión sigue abierta como { $name }.
callback-signed-in-title = Ya ha iniciado sesión
callback-signed-in-what = El enlace de Redtrust no ha abierto otra sesión. No se ha cambiado nada.
callback-signed-in-next = Siga desde la página de inicio. Para entrar con otro usuario, cierre antes la sesión.
callback-attempt-expired-title = El inicio de sesión ha tardado demasiado
callback-attempt-expired-what = Han pasado más de diez minutos desde que empezó, así que el inicio de sesión ha caducado. Nadie ha iniciado sesión.
callback-token-expired-title = El enlace de inicio de sesión ha caducado
callback-token-expired-what = Un enlace de Redtrust sirve solo durante dos minutos y este ha caducado. Nadie ha iniciado sesión.
callback-clock-title = Los relojes no coinciden
callback-clock-what = El enlace de inicio de sesión lleva una hora que aquí no puede ser correcta. El reloj del servidor de Redtrust o el de este va mal. Nadie ha iniciado sesión.
callback-audience-title = Este enlace es para otra aplicación
callback-audience-what = El enlace de inicio de sesión se hizo para otra aplicación o viene de otro servidor. Nadie ha iniciado sesión.
callback-url-title = Este enlace se hizo para otra dirección
callback-url-what = El enlace de inicio de sesión se hizo para otra URL de redirección. Nadie ha iniciado sesión.
callback-form-title = No es el tipo de enlace que esperamos
callback-form-what = Redtrust ha enviado un enlace de inicio de sesión de otro tipo que el configurado en esta conexión. Nadie ha iniciado sesión.
callback-signature-title = La firma del enlace no es correcta
callback-signature-what = El enlace de inicio de sesión no se firmó con la clave que compartimos con Redtrust. Nadie ha iniciado sesión.
callback-no-connection-title = Este servidor Redtrust no está disponible
callback-no-connection-what = Se desactivó mientras iniciaba sesión. Nadie ha iniciado sesión.
callback-rejected-title = Redtrust no ha aceptado el inicio de sesión
callback-rejected-what = Ha vuelto de Redtrust, pero no ha querido completar el inicio de sesión. Nadie ha iniciado sesión.

## Cuenta
account-title = Su sesión
account-name = Sesión iniciada como
account-connection = Servidor Redtrust
account-everywhere-title = Cerrar sesión en todas partes
account-everywhere-text = Cierra sus sesiones en todos los navegadores y dispositivos, aquí y en Redtrust. Las solicitudes en curso continúan.
account-everywhere = Cerrar sesión en todas partes
