# Correo y sus páginas
mail-issued-subject = Certificado emitido: solicitud { $reference }
mail-issued = Se ha emitido el certificado de { $holder }. Solicitud { $reference }.
mail-failed-subject = Sin certificado: solicitud { $reference }
mail-failed = No se ha emitido ningún certificado para { $holder }. La página de la solicitud { $reference } explica por qué y qué puede hacer.
mail-unknown-subject = Resultado desconocido: solicitud { $reference }
mail-unknown = No se sabe si se ha emitido el certificado de { $holder }: no hemos recibido una respuesta que podamos usar. La página de la solicitud { $reference } explica qué puede hacer sin riesgo.
mail-alert-subject = Resultado desconocido: solicitud { $reference }
mail-alert = No se conoce el resultado de la solicitud { $reference }, o la respuesta de Redtrust no corresponde a ella. Solo el solicitante puede seguir con ella. La página de la solicitud indica quién es y qué le decimos: avísele.
mail-reminder-subject = { $count ->
    [one] Un certificado caduca pronto
   *[other] { $count } certificados caducan pronto
}
mail-reminder = { $count ->
    [one] Este certificado caduca pronto y no se ha renovado aquí:
   *[other] Estos certificados caducan pronto y no se han renovado aquí:
}
mail-expired-subject = { $count ->
    [one] Un certificado ha caducado
   *[other] { $count } certificados han caducado
}
mail-expired = { $count ->
    [one] Este certificado ha caducado y no se ha renovado aquí. Si lo sigue necesitando, solicite uno nuevo:
   *[other] Estos certificados han caducado y no se han renovado aquí. Si los sigue necesitando, solicite otros nuevos:
}
mail-more = Y { $more } más. Los encontrará todos aquí:
mail-play = PRUEBA: { $subject }
mail-welcome-subject = Correo de { $portal }
mail-welcome = Alguien con la sesión iniciada en { $portal } ha indicado esta dirección. Aquí llegarán las confirmaciones de las solicitudes de certificados.
mail-welcome-reminders = También llegarán aquí los recordatorios antes de que caduquen los certificados, y uno cuando hayan caducado.
mail-welcome-unexpected = Si no lo esperaba, avise a quien gestiona el portal.
mail-test-subject = Correo de prueba de { $portal }
mail-test = El correo de { $portal } llega.
mail-foot = Enviado por { $portal }. Puede cambiar o quitar su dirección, o desactivar los recordatorios, en la página «{ $page }»:
mail-foot-alert = Enviado por { $portal } a las direcciones de RUBRICA_MAIL_ALERTS_TO.
mail-foot-officer = Enviado por { $portal } a un operador de la conexión. Puede cambiar o quitar su dirección en la página «{ $page }»:
mail-account-title = Correo
mail-account-lead = Le escribimos a esta dirección cuando una solicitud termina, con un certificado o sin él, y cuando no se conoce su resultado. Déjela vacía si no quiere recibir correo.
mail-officer-lead = Le escribimos a esta dirección cuando no se conoce el resultado de una solicitud de una de sus conexiones, o cuando una respuesta no corresponde a su solicitud. Déjela vacía si no quiere recibir correo.
mail-account-address = Correo electrónico (opcional)
mail-account-reminders = Enviarme también recordatorios antes de que caduquen los certificados, y uno cuando hayan caducado
mail-account-days = Días antes de que caduquen: { $days }
mail-account-off = no se envía
mail-account-save = Guardar la dirección
mail-silenced = No le recordaremos ese certificado.
mail-heard-again = Le volveremos a recordar ese certificado.
mail-saved = La dirección está guardada.
mail-changed-too-often = Ha cambiado la dirección demasiadas veces. Espere un cuarto de hora y guárdela de nuevo
nav-mail = Correo
mail-off = No se envía correo: no están definidos RUBRICA_SMTP_URL y RUBRICA_MAIL_FROM. Defínalos en el entorno, o como smtp_url y mail_from en el archivo de configuración, y vuelva a arrancar el portal.
mail-nobody = RUBRICA_MAIL_ALERTS_TO no indica a nadie: los avisos de resultado desconocido y los correos de prueba no tienen destinatario.
mail-list-lead = El correo más reciente de los últimos 30 días. Un correo de resultado desconocido no se vuelve a enviar solo: puede que el servidor lo haya aceptado, y entonces llegaría dos veces.
mail-list-none = Todavía no hay correo.
mail-list-at = Fecha
mail-list-kind = Asunto
mail-list-state = Estado
mail-kind-issued = Emitido
mail-kind-failed = No emitido
mail-kind-unknown = Resultado desconocido
mail-kind-alert = Aviso a los responsables
mail-kind-officer = Aviso a un operador
mail-kind-reminder = Recordatorio
mail-kind-expired = Certificados caducados
mail-kind-welcome = Dirección nueva
mail-kind-test = Prueba
mail-state-waiting = En espera
mail-state-off = No se envía mientras el correo no esté configurado
mail-state-sending = Enviándose
mail-state-sent = Aceptado por el servidor
mail-state-failed = No enviado
mail-state-unknown = Desconocido
mail-reason-nobody = RUBRICA_MAIL_ALERTS_TO no indica a nadie
mail-reason-no-address = no hay una dirección que se pueda usar
mail-reason-ascii = el servidor de correo solo acepta direcciones con caracteres ASCII
mail-reason-no-answer = el servidor de correo no ha respondido a tiempo
mail-test-send = Enviar un correo de prueba
mail-test-hint = Llega a las direcciones de RUBRICA_MAIL_ALERTS_TO.
mail-test-ordered = El correo de prueba se enviará en unos segundos.
admin-audit-mail-test = Correo de prueba enviado
admin-audit-mail-address = Dirección de correo cambiada
admin-audit-mail-again = Correo enviado de nuevo
mail-again = Volver a enviar
mail-again-ordered = El correo se volverá a enviar en unos segundos.
mail-upcoming = Próximos recordatorios
mail-upcoming-at = Le escribiremos el { $at }. Caduca el { $expires }.
mail-upcoming-lead = También puede desactivar los recordatorios de un certificado en su página.
mail-upcoming-silent = Sin recordatorio. Caduca el { $expires }.
mail-upcoming-never = No recordármelo
mail-upcoming-again = Volver a recordármelo
mail-certificate-title = Recordatorios
mail-certificate-on = Le enviaremos recordatorios antes de que caduque este certificado.
mail-certificate-off = No le enviaremos recordatorios de este certificado.
