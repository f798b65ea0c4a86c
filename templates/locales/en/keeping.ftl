## Keys and personal data
key-old = Older than a year
keeping-title = Keys and personal data
master-key = Master key
master-key-since = In use since
master-key-old-hint = Change it: the README says how, under "Changing the master key".
personal-data = Names, numbers and texts of requests
personal-data-kept = Kept for ever: RUBRICA_RETENTION_DAYS is not set.
personal-data-erased = { $days ->
    [one] Erased one day after a request has ended or its certificate has expired.
   *[other] Erased { $days } days after a request has ended or its certificate has expired.
  }
one-erased = Erased on { $date }: names, numbers and texts of this request. Its technical details remain.
one-erases = { $days ->
    [one] Names, numbers and texts are erased one day after the request has ended or the certificate has expired.
   *[other] Names, numbers and texts are erased { $days } days after the request has ended or the certificate has expired.
  }
certificates-erased = Erased when the retention period ended.
