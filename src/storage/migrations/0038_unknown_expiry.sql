-- A certificate of which only the thumbprint is known stands behind those without an end,
-- on a day of its own: it is counted and listed apart.
UPDATE certificates SET not_after = 253402300800000
    WHERE origin = 'thumbprint' AND exact = 0 AND not_after = 253402300799000;
UPDATE certificate_words SET at = 253402300800000
    WHERE at = 253402300799000 AND row_id IN
    (SELECT id FROM certificates WHERE not_after = 253402300800000);
