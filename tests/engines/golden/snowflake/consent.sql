SELECT
  COUNT(*) AS "audience",
  COUNT_IF("t2"."given" IS NULL) AS "without",
  COUNT_IF("t2"."gone" = 1) AS "withdrawn"
FROM (
  SELECT
    "t1"."d0" AS "given",
    IFF(
      (
        NOT "t1"."d0" IS NULL
      )
      AND (
        "t1"."f1" = 1
      )
      AND NOT (
        COALESCE(
          (
            "t1"."d0" > "t1"."d1"
          )
          OR (
            (
              "t1"."d0" = "t1"."d1"
            ) AND (
              "t1"."later" = 1
            )
          ),
          FALSE
        )
      ),
      1,
      0
    ) AS "gone"
  FROM (
    SELECT
      0 AS "later",
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
      "t0"."is_on" = TRUE
  ) AS "t1"
) AS "t2"
