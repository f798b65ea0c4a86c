## Páginas de problema: qué ha pasado, si se ha creado algo, qué se puede hacer
error-reference = Si pide ayuda, indique esta referencia:
error-link-home = Ir a la página de inicio

error-sign-in-title = Inicie sesión primero
error-sign-in-what = Esta página es para personas que han iniciado sesión. No se ha cambiado nada.
error-sign-in-next = Inicie sesión y volverá a donde estaba.

error-other-session-title = Esta página es de otra sesión
error-other-session-what = Desde que la abrió, se ha iniciado otra sesión en este navegador: la de otra persona o una nueva suya. No se ha enviado, creado ni cambiado nada.
error-other-session-next = Arriba se indica quién tiene ahora la sesión iniciada. Si es usted, abra la página de nuevo. Si no, cierre esa sesión e inicie la suya.
error-forged-title = No hemos podido aceptar el formulario
error-forged-what = La página ha estado abierta demasiado tiempo o el formulario no procede de este sitio. No se ha creado ni cambiado nada.
error-forged-next = Vuelva atrás, recargue la página y envíe de nuevo el formulario. Si ha llegado desde un enlace de otro sitio, no lo envíe.

error-cookies-title = Este sitio necesita cookies
error-cookies-what = Su navegador no ha devuelto la cookie de este sitio, así que no hemos podido aceptar el formulario. No se ha creado ni cambiado nada.
error-cookies-next = Permita las cookies de este sitio en los ajustes del navegador. Después vaya a la página de inicio y empiece de nuevo.

error-not-allowed-title = No puede hacer esto
error-not-allowed-what = Su cuenta no tiene permiso para esta acción. No se ha creado ni cambiado nada.
error-not-allowed-next = Si lo necesita, pídalo a quien administra este servicio.

error-not-found-title = Página no encontrada
error-not-found-what = Esta página no existe o usted no tiene acceso a ella. No se ha cambiado nada.
error-not-found-next = Si ha escrito la dirección, compruébela. Si ha seguido un enlace, empiece de nuevo desde la página de inicio.

error-conflict-title = Alguien lo ha cambiado mientras tanto
error-conflict-what = Lo que estaba viendo ya no está actualizado, así que su cambio no se ha guardado.
error-conflict-next = Abra de nuevo la página para ver cómo está ahora y repita el cambio si sigue siendo necesario.

error-lapsed-title = Su confirmación ya no es válida
error-lapsed-what = Después de que escribiera su contraseña, alguien cambió su cuenta o cerró su sesión, así que el cambio no se ha guardado.
error-lapsed-next = Inicie sesión de nuevo si se le pide y repita el cambio si todavía puede hacerlo.

error-bad-request-title = No hemos podido leer la solicitud
error-bad-request-what = La dirección o el formulario han llegado incompletos. No se ha creado ni cambiado nada.
error-bad-request-next = Vuelva atrás e inténtelo de nuevo.

error-too-large-title = El envío es demasiado grande
error-too-large-what = Lo que ha enviado supera el tamaño que admite esta página. No se ha creado ni cambiado nada.
error-too-large-text = Lo que ha escrito supera los 16 KB que admite esta página. No se ha creado ni cambiado nada.
error-too-large-file = Lo que ha enviado supera el límite de esta página, 1 MB. No se ha creado ni cambiado nada.
error-too-large-files = Los archivos superan el límite de esta página: 4 MB en total y 1.000 archivos. No se ha creado ni cambiado nada.
error-too-large-next = Vuelva atrás, acorte el texto o elija un archivo más pequeño y envíelo de nuevo.

error-too-slow-title = El formulario ha tardado demasiado en llegar
error-too-slow-what = La conexión era demasiado lenta y hemos dejado de esperar. No se ha creado ni cambiado nada.
error-too-slow-next = Compruebe su conexión, vuelva atrás y envíe de nuevo el formulario.

error-too-many-title = Demasiados intentos
error-too-many-what = Ha habido demasiados intentos en poco tiempo. No se ha cambiado nada.
error-too-many-next = Espere unos minutos e inténtelo de nuevo.

error-share-title = Tiene demasiadas cosas abiertas a la vez
error-share-what = Otras descargas, envíos de archivos o páginas de progreso suyas siguen en curso. No se ha creado ni cambiado nada.
error-share-next = Espere a que termine alguna o cierre una pestaña, e inténtelo de nuevo dentro de unos segundos.

error-drafts-title = Tiene demasiados borradores
error-drafts-what = Tiene 1.000 solicitudes empezadas y sin enviar. No se ha empezado ninguna más.
error-drafts-next = Envíe algunas o descarte las que ya no necesite, y vuelva a empezar.

error-under-way-title = Tiene demasiadas solicitudes en curso a la vez
error-under-way-what = Esta no se ha enviado, pero no se ha perdido nada: sigue tal como estaba.
error-under-way-next = Espere a que termine alguna de las otras y vuelva a enviarla.

error-busy-title = Hay demasiada actividad en este momento
error-busy-what = Demasiadas personas están enviando o descargando archivos, o iniciando sesión, a la vez. No se ha creado ni cambiado nada.
error-busy-next = Inténtelo de nuevo dentro de unos segundos.

error-late-title = Está tardando demasiado
error-late-what = Hemos dejado de esperar la respuesta. Si envió un formulario, es posible que lo solicitado se lleve a cabo de todos modos.
error-late-next = Mire primero sus solicitudes y envíe de nuevo el formulario solo si no aparece en ellas.

error-unavailable-title = El servicio no está disponible en este momento
error-unavailable-what = No hemos podido leer ni guardar sus datos. La acción no se ha realizado; lo que guardó antes está a salvo.
error-unavailable-next = Inténtelo de nuevo dentro de unos minutos. Sus solicitudes en curso continúan por sí solas.

error-unreadable-title = Un registro guardado no se puede leer
error-unreadable-what = Lo que corresponde a esta página está dañado en nuestra base de datos. No se ha cambiado nada y las demás páginas no están afectadas.
error-unreadable-next = Pida ayuda e indique la referencia que aparece abajo.

error-unreachable-title = No se puede conectar con Redtrust
error-unreachable-what = No hemos podido conectar con Redtrust, así que no se ha enviado ni creado nada.
error-unreachable-next = Inténtelo de nuevo dentro de unos minutos. Si el problema continúa, pida ayuda.

error-bad-upstream-title = No hemos entendido la respuesta de Redtrust
error-bad-upstream-what = Redtrust ha respondido con algo que este servicio no puede usar. Aquí no se ha cambiado nada.
error-bad-upstream-next = Inténtelo de nuevo dentro de unos minutos. Si vuelve a ocurrir, pida ayuda.

error-no-answer-title = Redtrust no ha respondido a tiempo
error-no-answer-what = Hemos esperado la respuesta de Redtrust y no ha llegado. Aquí no se ha cambiado nada.
error-no-answer-next = Inténtelo de nuevo dentro de unos minutos.

error-internal-title = Algo ha fallado por nuestra parte
error-internal-what = La acción no se ha podido completar. Lo que guardó antes está a salvo.
error-internal-next = Antes de repetirla, mire en el historial si ya se ha realizado.
