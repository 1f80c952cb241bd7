SELECT
  "t2"."spoke",
  "t2"."number",
  COUNT(*) AS "records"
FROM (
  SELECT
    CASE WHEN "t1"."f0" = 1 THEN 0 WHEN "t1"."f1" = 1 THEN 1 ELSE -1 END AS "spoke",
    CASE WHEN "t1"."f0" = 1 THEN "t1"."d0" WHEN "t1"."f1" = 1 THEN "t1"."d1" ELSE NULL END AS "number"
  FROM (
    SELECT
      IFF(NOT "t0"."seen" IS NULL, 1, 0) AS "f0",
      IFF(NOT "t0"."made" IS NULL, 1, 0) AS "f1",
      IFF(
        ABS(CAST(DATE_PART('epoch', "t0"."seen") AS DOUBLE)) < 100000000000,
        CAST(FLOOR(CAST(DATE_PART('epoch', "t0"."seen") AS DOUBLE) / 86400) AS BIGINT),
        CAST(NULL AS BIGINT)
      ) AS "d0",
      DATEDIFF(DAY, DATE_FROM_PARTS(1970, 1, 1), TO_DATE("t0"."made")) AS "d1"
    FROM "users" AS "t0"
    WHERE
      (
        NOT "t0"."mail" IS NULL
      )
      OR (
        ARRAY_SIZE(CAST(GET("t0"."who", 'tags') AS ARRAY)) > 0
      )
  ) AS "t1"
) AS "t2"
GROUP BY
  1,
  2
