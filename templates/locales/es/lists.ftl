## Listas
lists-total = { $count ->
    [one] 1 resultado
   *[other] { $count } resultados
  }
lists-total-more = Más de { $count } resultados
lists-exactly = Estas palabras son muy frecuentes. Solo se muestran los resultados cuyo nombre, entidad o nota se compone exactamente de ellas. Si falta el que busca, pruebe con su documento o su referencia.
lists-goes-on = Todavía falta parte de la lista por revisar. Para seguir buscando, cambie de página con los enlaces de abajo.
lists-search-hint = Nombre, documento, NIF, entidad, referencia, huella digital, nota o etiqueta. Tienen que coincidir todas las palabras; basta con el principio de cada una.
lists-status = Estado
lists-all-current = Todos los no sustituidos
lists-valid = Vigente o aún no vigente
lists-due = Caducidad
lists-any-time = En cualquier momento
lists-organisation = Entidad
lists-group = Grupo
lists-all-groups = Todos los grupos
lists-expires-from = Caduca desde
lists-expires-to = Caduca hasta
lists-first-to-expire = Por caducidad, primero los más próximos
lists-last-to-expire = Por caducidad, primero los más lejanos
lists-requester = Solicitante
lists-requester-or-owner = Solicitado o incorporado por
lists-expiry-date-is = Fecha exacta o estimada
lists-exact = exacta
lists-estimated = estimada
lists-certificates-file-name = certificados

lists-play = Aviso
calendar-play = PRUEBA: { $summary }
lists-choose = Elegir
lists-elsewhere = { $count ->
    [one] Además hay 1 elegido en otra página.
   *[other] Además hay { $count } elegidos en otras páginas.
  }
lists-tick-page = Elegir los de esta página
lists-untick = No elegir ninguno

## Borradores
drafts-title = Borradores
drafts-all = Ver los borradores
drafts-lead = Solicitudes que empezó y no ha enviado. Redtrust no sabe nada de ellas.
drafts-search-hint = Nombre, documento, entidad, NIF o correo. Tienen que coincidir todas las palabras.
drafts-none = No tiene borradores.
drafts-changed = Último cambio
drafts-age = { $days ->
    [0] hoy
    [one] hace 1 día
   *[other] hace { $days } días
  }
drafts-discard = Descartar
drafts-discarded = Borrador descartado. Si al final lo necesita, vuelva a empezarlo desde su página:

## Nota y etiquetas
note-title = Nota y etiquetas
note-note = Nota
note-hint = Solo para usted y quienes atienden esta conexión. No se envía a Redtrust.
note-tags = Etiquetas
note-tags-hint = Separadas por comas, por ejemplo: Sanidad, expediente 2024/123
note-save = Guardar la nota
note-saved = La nota y las etiquetas están guardadas.

## Calendario
feed-title = Recordatorios en su calendario
feed-lead = Su calendario puede leer de una dirección secreta cuándo caducan sus certificados, 30 y 7 días antes. Quien conozca la dirección ve los nombres de los titulares y las fechas.
feed-once = Copie esta dirección en su calendario, como calendario por suscripción. Solo se muestra esta vez.
feed-since = Tiene una dirección desde el { $time }.
feed-make = Crear la dirección
feed-replace = Crear otra dirección y anular esta
feed-revoke = Anular la dirección
