## Claves y datos personales
key-old = Más de un año
keeping-title = Claves y datos personales
master-key = Clave maestra
master-key-since = En uso desde el
master-key-old-hint = Cámbiela: el README explica cómo, en «Changing the master key».
personal-data = Nombres, números y textos de las solicitudes
personal-data-kept = Se conservan siempre: RUBRICA_RETENTION_DAYS no está configurada.
personal-data-erased = { $days ->
    [one] Se borran un día después de que la solicitud termine o su certificado caduque.
   *[other] Se borran { $days } días después de que la solicitud termine o su certificado caduque.
  }
one-erased = Borrados el { $date }: los nombres, números y textos de esta solicitud. Quedan sus datos técnicos.
one-erases = { $days ->
    [one] Los nombres, números y textos se borran un día después de que la solicitud termine o el certificado caduque.
   *[other] Los nombres, números y textos se borran { $days } días después de que la solicitud termine o el certificado caduque.
  }
certificates-erased = Borrado al terminar el plazo de conservación.
