SELECT
  "t2"."spoke",
  "t2"."number",
  COUNT(*) AS "records"
FROM (
  SELECT
    CASE WHEN "t1"."f0" = 1 THEN 0 ELSE -1 END AS "spoke",
    CASE WHEN "t1"."f0" = 1 THEN "t1"."d0" ELSE NULL END AS "number"
  FROM (
    SELECT
      IFF(NOT "t0"."made" IS NULL, 1, 0) AS "f0",
      (
        (
          DATEDIFF(DAY, DATE_FROM_PARTS(1970, 1, 1), TO_DATE("t0"."made")) * 96
        ) + (
          (
            DATE_PART(hour, "t0"."made") * 4
          ) + CAST(FLOOR(DATE_PART(minute, "t0"."made") / 15) AS BIGINT)
        )
      ) * 2 AS "d0"
    FROM "users" AS "t0"
  ) AS "t1"
) AS "t2"
GROUP BY
  1,
  2
