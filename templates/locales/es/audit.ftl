## Buscar en la auditoría
audit-search-hint = Cualquier parte de quién lo hizo, de a qué se refiere (un nombre corto, una referencia, una URL) o del identificador de la petición. Deben coincidir todas las palabras.
audit-filters = Filtros
audit-who-hint = El nombre completo, tal como aparece
audit-action = Acción
audit-all-actions = Todas las acciones
audit-outcome = Resultado
audit-all-outcomes = Todos los resultados
audit-none-found = No hay coincidencias.
audit-none-so-far = De momento no hay coincidencias.
audit-total = { $count ->
    [one] 1 registro
   *[other] { $count } registros
  }
audit-total-more = Al menos { $count } registros
audit-looked-part = Las palabras se buscan en { $count } registros cada vez. Aún queda auditoría por mirar: pase de página para seguir.
audit-newer = Registros más recientes
audit-connection = Conexión
audit-redirect-url = URL de redirección
audit-account = Cuenta
audit-invitation = Invitación
audit-mail = Correo
audit-from-cli = desde la línea de órdenes
audit-from-housekeeping = por una tarea programada
audit-from-start = al arrancar el portal
audit-actor-system = El sistema
audit-actor-portal = El portal
audit-user = Usuario
audit-issuance = Solicitud
audit-export-lead = El archivo contiene todos los registros que coinciden, primero los más antiguos. La propia exportación queda registrada.
audit-export-csv = Descargar para una hoja de cálculo (CSV)
audit-export-ndjson = Descargar para programas (NDJSON)
audit-file-name = auditoria
audit-file-time = Hora (UTC)
audit-address = Dirección
audit-object = Objeto
audit-before = Antes
audit-after = Después
audit-request = Identificador de la petición
