SELECT
  *
FROM (
  SELECT
    *
  FROM (
    SELECT
      SUBSTR("t0"."mail", IF((
        0 + 1
      ) >= 1, 0 + 1, 0 + 1 + LENGTH("t0"."mail")), 100001) AS "c0",
      SUBSTR(
        CAST("t0"."made" AS VARCHAR),
        IF((
          0 + 1
        ) >= 1, 0 + 1, 0 + 1 + LENGTH(CAST("t0"."made" AS VARCHAR))),
        100001
      ) AS "c1",
      "t0"."who" AS "c2"
    FROM "users" AS "t0"
  ) AS "t1" TABLESAMPLE BERNOULLI (0.22499999999999998)
) AS "t2"
ORDER BY
  RAND() ASC
LIMIT 1500
