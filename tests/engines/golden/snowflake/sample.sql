SELECT
  *
FROM (
  SELECT
    *
  FROM (
    SELECT
      SUBSTRING("t0"."mail", IFF((
        0 + 1
      ) >= 1, 0 + 1, 0 + 1 + LENGTH("t0"."mail")), 100001) AS "c0",
      SUBSTRING(
        CAST("t0"."made" AS VARCHAR),
        IFF((
          0 + 1
        ) >= 1, 0 + 1, 0 + 1 + LENGTH(CAST("t0"."made" AS VARCHAR))),
        100001
      ) AS "c1",
      "t0"."who" AS "c2"
    FROM "users" AS "t0"
  ) AS "t1"
  WHERE
    UNIFORM(TO_DOUBLE(0.0), TO_DOUBLE(1.0), RANDOM()) <= 0.00225
) AS "t2"
ORDER BY
  UNIFORM(TO_DOUBLE(0.0), TO_DOUBLE(1.0), RANDOM()) ASC
LIMIT 1500
