## Varios a la vez: elegir
many-choose-title = Renovar varios certificados a la vez
many-choose-submit = Comprobar los elegidos
many-due = { $count ->
    [one] Un certificado suyo caduca en los próximos 30 días.
   *[other] { $count } certificados suyos caducan en los próximos 30 días.
  }
many-due-submit = { $count ->
    [one] Comprobar y renovar ese certificado
   *[other] Comprobar y renovar esos { $count } certificados
  }
many-all-submit = Comprobar y renovar los de esta lista
many-all-submit-most = Comprobar y renovar todos los de esta lista ({ $most } como máximo)
many-all-submit-first = Comprobar y renovar los primeros { $most } de esta lista
many-list-too-wide = Hay demasiados certificados que revisar para elegirlos todos a la vez. Use los filtros u otras palabras
many-missing-choice = Elija al menos un certificado
many-too-many = Son { $count }. En un lote caben como máximo { $most }

## Comprobar
many-check-renew-title = Compruebe las renovaciones
many-check-issue-title = Compruebe los certificados
many-good-renew = { $count ->
    [0] No se renovará ningún certificado.
    [one] Se renovará un certificado.
   *[other] Se renovarán { $count } certificados.
  }
many-good-issue = { $count ->
    [0] No se emitirá ningún certificado.
    [one] Se emitirá un certificado.
   *[other] Se emitirán { $count } certificados.
  }
many-bad-renew = { $count ->
    [one] Uno se deja fuera; abajo se dice por qué.
   *[other] { $count } se dejan fuera; abajo se dice por qué.
  }
many-bad-issue = { $count ->
    [one] Una fila se deja fuera. Puede corregir el archivo y enviarlo de nuevo, o seguir sin ella.
   *[other] { $count } filas se dejan fuera. Puede corregir el archivo y enviarlo de nuevo, o seguir sin ellas.
  }
many-bad-all = { $count ->
    [one] La única fila se deja fuera. Corrija el archivo y envíelo de nuevo.
   *[other] Las { $count } filas se dejan fuera. Corrija el archivo y envíelo de nuevo.
  }
many-ignored = No conocemos estas columnas y no las hemos leído:
many-unused = Hay filas cuyo tipo de titular no lleva estos datos. Ahí no se usan:
many-nothing = No hay nada que solicitar.
many-choose-again = Elegir de nuevo
many-lines = Línea por línea
many-line = Línea
many-rows = Fila por fila
many-row = Fila
many-plan = Qué se hará
many-will-renew = Se renovará
many-will-issue = Se emitirá
many-left-out = Se deja fuera
many-same-as = Es igual que la fila { $row }.
many-kind-missing = La fila no dice el tipo de titular. Escríbalo en el archivo o elíjalo al enviar el archivo.
many-kind-unknown = No se entiende «{ $text }» como tipo de titular. Corríjalo en el archivo. Sirven: { $kinds }
many-kind-wrong = No se entiende el tipo de titular de la fila. Corríjalo en el archivo. Sirven: { $kinds }
many-stale = Desde que se mostró esta página, otros titulares de este lote ya tienen un certificado o una solicitud en curso, o están en otro lote, así que no se ha solicitado nada. Compruebe las filas tal como están ahora.
many-doubled = { $count ->
    [one] Una fila puede ser un duplicado: ya hay, o está previsto, un certificado para el mismo titular. Es la primera de las que se emitirán. Quítela del archivo si no lo necesita.
   *[other] { $count } filas pueden ser duplicados: ya hay, o está previsto, un certificado para el mismo titular. Son las primeras de las que se emitirán. Quite del archivo las que no necesite.
  }
many-early = { $count ->
    [one] De los que se renovarán, uno caduca dentro de más de 30 días. Lo habitual es renovar en los últimos 30 días, y la autoridad de certificación puede rechazar una renovación anterior. Para dejarlo fuera, vuelva y elija de nuevo.
   *[other] De los que se renovarán, { $count } caducan dentro de más de 30 días. Lo habitual es renovar en los últimos 30 días, y la autoridad de certificación puede rechazar una renovación anterior. Para dejar alguno fuera, vuelva y elija de nuevo.
  }
many-early-line = Antes de lo habitual.
many-duplicates = Puede ser un duplicado:
many-namesakes = Hay otra persona con el mismo nombre y otro documento. No es un duplicado; compruebe que ha elegido a la correcta:
many-confirm-renew = { $count ->
    [one] Ningún dato ha cambiado y quiero renovar este certificado
   *[other] Ningún dato ha cambiado y quiero renovar estos { $count } certificados
  }
many-confirm-issue = { $count ->
    [one] Los datos son correctos y quiero emitir este certificado
   *[other] Los datos son correctos y quiero emitir estos { $count } certificados
  }
many-start-renew = { $count ->
    [one] Renovar un certificado
   *[other] Renovar { $count } certificados
  }
many-start-issue = { $count ->
    [one] Emitir un certificado
   *[other] Emitir { $count } certificados
  }
many-submit-hint = Aunque pulse dos veces, cada certificado se pide una sola vez.

## Por qué una línea se deja fuera
many-skip-expired = Ha caducado: emita uno nuevo.
many-skip-seal = Los sellos no se renuevan: emita uno nuevo.
many-skip-replaced = Ya se ha renovado.
many-skip-under-way = Ya ha empezado una renovación.
many-skip-unknown = Aquí no consta como suyo, o ya no tenemos sus datos.
many-skip-in-run = Está en otro lote que no ha terminado.
many-skip-details = Faltan datos del titular: renuévelo por separado.
many-skip-incomplete = Hay algo que corregir.
many-skip-repeated = Está repetida en el archivo.
many-skip-stopped = El lote se terminó antes.

## Un lote
many-kind-renew = Lote de renovaciones
many-kind-issue = Lote de certificados nuevos
many-state-check = Sin confirmar
many-state-working = El lote está en curso
many-state-paused = El lote está en pausa
many-state-done = El lote ha terminado
many-state-ending = El lote está terminando
many-what-check = Todavía no se ha solicitado nada.
many-what-working = Puede cerrar esta página: el trabajo continúa mientras su sesión siga abierta. Encontrará el lote en su historial.
many-what-unreachable = No podemos conectar con Redtrust. No se ha perdido nada: lo intentamos de nuevo cada poco tiempo y el lote seguirá solo.
many-what-paused = No se solicita nada más hasta que usted siga. Lo que ya se había solicitado se termina.
many-what-sign-in-again = Su sesión en Redtrust ha terminado. Lo que falta no se ha solicitado: inicie sesión de nuevo y siga con el lote.
many-what-signed-in-again = La sesión con la que empezó el lote terminó en Redtrust antes de solicitarlo todo. Ya ha vuelto a iniciar sesión: siga con el lote cuando quiera.
many-what-may-not-issue = Redtrust dice que este usuario no puede emitir. Lo que falta no se ha solicitado: consulte a quien administra su cuenta de Redtrust y siga después.
many-what-no-connection = La conexión con Redtrust está desactivada. Lo que falta no se ha solicitado: pida a un administrador que la active y siga después.
many-what-refusals = Redtrust ha rechazado varias solicitudes seguidas, así que no hemos enviado las demás. Mire abajo qué ha respondido y siga cuando esté resuelto.
many-what-unknown = No sabemos qué ha pasado con varias solicitudes seguidas, así que no hemos enviado las demás. Ábralas abajo por su referencia: la página de cada una dice qué puede hacer. Siga cuando Redtrust vuelva a responder.
many-what-done = No queda nada por solicitar.
many-what-ending = No se solicita nada más. Lo que ya se había solicitado se está terminando.
many-needs-attention = { $count ->
    [one] Un certificado necesita su atención: no sabemos si se emitió. Ábralo por su referencia; su página dice qué puede hacer.
   *[other] { $count } certificados necesitan su atención: no sabemos si se emitieron. Ábralos por su referencia; la página de cada uno dice qué puede hacer.
  }
many-show-unknown = Ver solo los de resultado desconocido
many-renewed-until = Caducidad del anterior
many-total = { $count } en total
many-issued = Emitidos
many-under-way = En curso
many-waiting = En espera
many-half-made = Sin terminar
many-unknown = Resultado desconocido
many-failed = Sin certificado
many-skipped = Fuera del lote
many-go-on = Seguir con el lote
many-pause = Pausar
many-stop = Terminar sin solicitar lo que falta
many-stop-what = { $count ->
    [one] Queda 1 certificado por terminar, y ya no se terminará. No se puede deshacer.
   *[other] Quedan { $count } certificados por terminar, y ya no se terminarán. No se puede deshacer.
}
many-stop-now = Terminar el lote
many-retry = { $count ->
    [one] Intentar de nuevo el que no ha salido
   *[other] Intentar de nuevo los { $count } que no han salido
  }
many-retry-hint = Se repite solo lo que Redtrust rechazó o quedó sin terminar. Lo que tiene un resultado desconocido no se repite: ábralo por su referencia.
many-mend-first = { $count ->
    [one] Uno no saldrá solo con repetirlo: abajo, en su línea, se dice qué hacer antes.
   *[other] { $count } no saldrán solo con repetirlos: abajo, en cada línea, se dice qué hacer antes.
  }
many-show-all = Mostrar todo
many-none = Aquí no hay nada.
many-outcome = Resultado
many-why = Motivo
many-said = Respuesta de Redtrust
many-results = Descargar los resultados para una hoja de cálculo (CSV)
many-file-name = resultados-del-lote
many-kept = Esta página se conserva 30 días desde el último cambio. Las solicitudes quedan en su historial.
many-previous = Página anterior
many-page = Página { $page } de { $last }

## Lista de lotes
many-runs-title = Lotes
many-runs-none = Todavía no ha solicitado ningún lote.
many-confirmed = Confirmados
many-unconfirmed = De estos lotes todavía no se ha solicitado nada. Se guardan los cinco últimos, durante un día. Ábralos para comprobarlos y confirmarlos.
many-gone-title = Aquí no se guarda ese lote
many-gone-what = No hay ningún lote suyo en esta dirección. De los que no se confirman se guardan los cinco últimos, durante un día, y no se ha solicitado nada con los demás. Los confirmados se guardan 30 días desde el último cambio.
many-gone-next = Si no lo había confirmado, vuelva a enviar el archivo o a elegir los certificados. Lo que se solicitó con un lote confirmado sigue en su historial.
many-busy-title = Tiene demasiados lotes en curso a la vez
many-busy-what = No se ha solicitado nada más con este lote, pero no se ha perdido nada: sigue tal como estaba.
many-busy-next = Espere a que termine alguno de los otros, o pause uno, y vuelva después a este.
many-runs-count = { $count ->
    [one] Un lote
   *[other] { $count } lotes
  }
many-run = Lote
many-of = { $count } de { $total }
many-open = { $count } de { $total } emitidos

## Un archivo de titulares
many-file-title = Emitir varios certificados desde un archivo
many-file-lead = Un archivo CSV con un titular en cada fila. Antes de solicitar nada verá qué se ha leído y qué hay que corregir.
many-template = Descargar un archivo vacío con las columnas
many-template-name = titulares
many-file = Archivo CSV
many-file-hint = De Excel: Guardar como, «CSV UTF-8». Sirven punto y coma, coma y tabulador. Hasta { $most } filas y 1 MB.
many-file-kind = Tipo de titular
many-file-kind-hint = Para las filas que no lo dicen.
many-kind-in-file = Está en el archivo
many-file-submit = Leer el archivo
many-file-one-only = Emitir un solo certificado
many-columns = Qué columnas se leen
many-columns-hint = El orden no importa y solo hacen falta las del tipo de titular. También se entienden nombres como DNI, CIF, empresa o apellidos.
many-document-type = Tipo de documento
many-missing-file = Elija un archivo
many-file-empty = El archivo no tiene ninguna fila debajo de los títulos de las columnas
many-file-workbook = Es un libro de hojas de cálculo. Guárdelo como CSV y elija ese archivo
many-file-binary = El archivo no es de texto. Guarde la hoja de cálculo como CSV y elija ese archivo
many-file-encoding = Los acentos y las eñes del archivo no se pueden leer: no está guardado en UTF-8, UTF-16 ni Windows-1252, que son las codificaciones que leemos, sino quizá en la de MS-DOS o Macintosh. No se ha solicitado nada. Guárdelo en Excel como «CSV UTF-8» y elija ese archivo
many-file-quote = En la fila { $row } se abren unas comillas que no se cierran
many-file-cells = La fila { $row } tiene más celdas que columnas la primera. Compruebe los separadores y las comillas
many-file-heading = No conocemos ninguna de las columnas. La primera fila debe tener sus títulos
many-file-twice = Hay dos columnas para lo mismo; la segunda es { $heading }
