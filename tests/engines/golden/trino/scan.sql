SELECT
  SUBSTR("t0"."mail", IF((
    0 + 1
  ) >= 1, 0 + 1, 0 + 1 + LENGTH("t0"."mail")), 100001) AS "c0"
FROM "users" AS "t0"
WHERE
  NOT "t0"."mail" IS NULL
