## Historial
issuances-search = Buscar
issuances-search-hint = Una referencia, una huella digital o el principio de una palabra del nombre.
issuances-from = Desde
issuances-to = Hasta
issuances-sort = Orden
issuances-newest = Primero las más recientes
issuances-oldest = Primero las más antiguas
issuances-by-holder = Por titular, de la A a la Z
issuances-from-unreadable = Escriba el primer día con día, mes y año, por ejemplo 24/11/2026
issuances-to-unreadable = Escriba el último día con día, mes y año, por ejemplo 24/11/2026
issuances-to-before-from = El último día no puede ser anterior al primero
issuances-search-gone = Esa búsqueda ya no vale. Escríbala de nuevo; abajo está todo.
issuances-export = Descargar esta lista para una hoja de cálculo (CSV)
issuances-file-name = solicitudes-de-certificados
issuances-error-code = Código de error de Redtrust
issuances-filters = Filtros y orden
issuances-state = Estado
issuances-all-states = Todos los estados
issuances-all-kinds = Todos los tipos
issuances-filter = Mostrar
issuances-filter-clear = Mostrar todo
issuances-none = Todavía no ha pedido ningún certificado. Cada uno que pida aparecerá aquí, sea cual sea el resultado.
issuances-none-found = No hay coincidencias. Pruebe con el principio de otra palabra o muestre todo.
issuances-broken = { $count ->
    [one] Una de sus solicitudes no se puede leer y falta en esta página. Pida ayuda.
   *[other] { $count } de sus solicitudes no se pueden leer y faltan en esta página. Pida ayuda.
  }
issuances-caption = Sus solicitudes
issuances-submitted = Pedido
issuances-reference = Referencia
issuances-renewal = (renovación)

## Estados
state-draft = Borrador
state-creating = En curso
state-key-created = Claves creadas
state-finalizing = En curso
state-recording = Emitido, se está registrando
state-issued = Emitido
state-refused = Rechazado
state-unknown = Resultado desconocido
state-mismatch = La respuesta no corresponde
state-abandoned = Abandonado

## Una solicitud
one-draft-title = Esta solicitud es un borrador
one-draft-what = Todavía no se ha pedido nada.
one-draft-next = Siga donde lo dejó o descártela.
one-not-sent-title = No se ha enviado nada
one-not-sent-what = Su solicitud no llegó a Redtrust. No se han creado claves ni certificado.
one-not-sent-next = Sus respuestas se conservan y puede enviarlas de nuevo sin riesgo.
one-working-title = Su certificado se está emitiendo
one-working-what = Suele tardar unos segundos.
one-working-next = Puede cerrar esta página: el trabajo continúa sin ella y encontrará la solicitud en su historial.
one-waiting-title = Seguimos esperando a Redtrust
one-waiting-what = La respuesta tarda más de lo habitual. De momento no hay ningún problema.
one-recording-title = Emitido, se está registrando
one-recording-what = Redtrust ha emitido el certificado. Todavía lo estamos anotando aquí.
one-recording-next = No empiece de nuevo: el certificado existe. Esta página lo mostrará en cuanto esté registrado.
one-keys-only-title = Las claves están listas; el certificado, no
one-keys-only-what = Redtrust ha creado las claves. El certificado correspondiente aún no se ha emitido.
one-keys-only-next = Puede seguir sin riesgo: se usan las mismas claves y no puede resultar un segundo certificado.
one-issued-title = El certificado se ha emitido
one-issued-what = Está guardado en Redtrust y listo para usarse.
one-issued-next = Conserve la referencia: puede volver a esta página cuando quiera.
one-settled-what = Usted mostró el certificado: se hizo con las claves de esta solicitud. La respuesta de Redtrust no nos llegó.
one-refused-title = Redtrust ha rechazado esta solicitud
one-refused-what = No se ha emitido ningún certificado.
one-refused-next = Si puede corregir lo que Redtrust objeta, empiece de nuevo con las mismas respuestas. Si no, consulte a quien administra su cuenta de Redtrust.
one-unknown-title = No sabemos qué ha resultado de esta solicitud
one-unknown-code-what = La respuesta de Redtrust no nos llegó, así que el certificado puede haberse emitido o no.
one-unknown-code-next = Puede preguntar de nuevo sin riesgo: usamos el mismo código de solicitud y no se hace un segundo certificado. Si Redtrust dice que ya se emitió, búsquelo allí.
one-unknown-what = La respuesta de Redtrust no nos llegó y no tenemos ningún código para pedirla. Puede que allí se hayan creado claves; no hemos pedido ningún certificado para ellas.
one-unknown-next = No podemos continuar esta solicitud. Tiene que empezar de nuevo: Redtrust creará claves nuevas y las anteriores, si existen, quedarán sin usar.
one-mismatch-title = La respuesta de Redtrust no corresponde a la solicitud
one-mismatch-what = Lo que ha llegado no es lo que se pidió. No use el resultado.
one-mismatch-next = Avise a quien administra este servicio e indique la referencia de abajo. Puede empezar de nuevo con las mismas respuestas.
one-abandoned-title = Se renunció a esta solicitud
one-abandoned-what = No se hará nada más con ella.
one-abandoned-next = Puede empezar de nuevo con las mismas respuestas.

one-redtrust-said = Redtrust ha dicho:
one-progress = Progreso
one-facts = Detalles
one-request-code = Código de solicitud
one-timeline = Qué ha pasado
one-csr = Descargar la petición de certificado (CSR)
one-sign-in-again = Iniciar sesión de nuevo
one-resume = Seguir con las mismas claves
one-settle-title = ¿Tiene el certificado?
one-settle-what = Si encuentra en Redtrust, o recibe, el certificado que resultó de esta solicitud, muéstrenos su archivo. Comparamos su clave pública con la de esta solicitud.
one-settle = Resolver esta solicitud con el archivo
renewed-title = Qué se ha renovado
renewed-carries-over = El certificado nuevo ha sustituido al anterior en Redtrust. La configuración y las asociaciones del anterior se conservan.
renewed-what = Dato
renewed-old = Certificado anterior
renewed-new = Certificado nuevo
one-edit = Seguir con esta solicitud
one-certificate = Ver el certificado
one-again = Empezar de nuevo con las mismas respuestas
one-renew-again = Empezar de nuevo la renovación
one-abandon-summary = Renunciar a esta solicitud
one-abandon-warning = No se puede deshacer. Las claves que Redtrust haya creado quedarán allí sin usar. Si al final se emitió un certificado, seguirá en Redtrust y no aparecerá aquí.
one-abandon = Renunciar definitivamente

one-step-keys = Claves creadas
one-step-certificate = Certificado emitido
one-step-stored = Guardado en Redtrust
one-step-done = (hecho)
one-step-now = (en curso)
one-step-open = (pendiente)
one-step-failed = (no se ha hecho)
one-step-not-known = (no se sabe)

## Causas
cause-unreachable = No se pudo conectar con Redtrust.
cause-untrusted = El servidor de Redtrust no pudo demostrar su identidad, así que no hablamos con él. Quien administra este servicio tiene que revisarlo.
cause-busy = Redtrust está ocupado o acaba de dejar varias peticiones sin respuesta.
cause-sign-in-again = Su sesión en Redtrust ha terminado. Inicie sesión de nuevo para seguir.
cause-timed-out = Redtrust no respondió en el tiempo previsto.
cause-cut = La conexión se cortó después de enviar la petición.
cause-unreadable = La respuesta de Redtrust no se pudo leer.
cause-server-error = Redtrust respondió con un error del servidor.
cause-worker-gone = Este servicio se reinició mientras esperaba la respuesta.
cause-already-finalized = Redtrust dice que este certificado ya se emitió antes. Búsquelo en Redtrust.
cause-rejected = Redtrust lo rechazó.
cause-other-key = Las claves no son del tipo pedido.
cause-other-subject = El nombre no es el que se pidió.
cause-other-request-code = La respuesta es de otra solicitud.
cause-thumbprint-taken = La huella digital es de otra solicitud.
cause-shown-by-owner = Usted mostró el certificado, hecho con las claves de esta solicitud.

## Sucesos
event-begun = Borrador empezado.
event-create-intended = Claves pedidas.
event-nothing-sent = No se envió.
event-key-created = Claves creadas.
event-finalize-intended = Certificado pedido.
event-issued = Certificado emitido y guardado en Redtrust.
event-settled = Resuelta: el titular de la solicitud mostró el certificado.
event-refused = Rechazado por Redtrust.
event-outcome-unknown = Sin respuesta utilizable: resultado desconocido.
event-mismatched = La respuesta no corresponde a la solicitud.
event-abandoned = Se renunció a la solicitud.

## Después
one-what-next = Qué hacer ahora
one-receipt = Abrir el resguardo, para imprimirlo o guardarlo
one-calendar = Añadir a su calendario avisos 30 y 7 días antes de que caduque
receipt-title = Resguardo
receipt-of = Resguardo { $reference }
receipt-lead = Este certificado se pidió a través de { $partner } y lo emitió Redtrust.
receipt-print = Imprimir este resguardo
receipt-ordered-by = Pedido por
receipt-ordered = Pedido el
receipt-issued = Emitido el
receipt-connection = Servidor de Redtrust
receipt-printed = Según los datos del { $time }.
receipt-back = Volver a la solicitud
calendar-summary = { $holder }: el certificado caduca el { $date }
calendar-text = Renueve el certificado con la huella digital { $thumbprint } antes de que caduque el { $date }.
calendar-text-estimated = Renueve el certificado con la huella digital { $thumbprint } antes de que caduque. La fecha, { $date }, es una estimación.
