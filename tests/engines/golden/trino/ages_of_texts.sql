SELECT
  "t2"."spoke",
  "t2"."number",
  COUNT(*) AS "records"
FROM (
  SELECT
    CASE WHEN "t1"."f0" = 1 THEN 0 ELSE -1 END AS "spoke",
    CASE
      WHEN "t1"."f0" = 1
      THEN IF(
        (
          "t1"."day_0" <= 28
        )
        OR (
          (
            "t1"."day_0" = 29
          )
          AND (
            (
              (
                "t1"."year_0" % 4
              ) = 0
            )
            AND (
              (
                (
                  "t1"."year_0" % 100
                ) <> 0
              )
              OR (
                (
                  "t1"."year_0" % 400
                ) = 0
              )
            )
          )
        )
        OR (
          (
            "t1"."day_0" <= 30
          ) AND (
            "t1"."month_0" <> 2
          )
        )
        OR "t1"."month_0" IN (1, 3, 5, 7, 8, 10, 12),
        (
          (
            (
              "t1"."year_0" - CAST(FLOOR(CAST((
                (
                  "t1"."month_0" + 9
                ) % 12
              ) AS DOUBLE) / 10) AS BIGINT)
            ) * 365
          ) + (
            (
              CAST(FLOOR(
                CAST((
                  "t1"."year_0" - CAST(FLOOR(CAST((
                    (
                      "t1"."month_0" + 9
                    ) % 12
                  ) AS DOUBLE) / 10) AS BIGINT)
                ) AS DOUBLE) / 4
              ) AS BIGINT) - CAST(FLOOR(
                CAST((
                  "t1"."year_0" - CAST(FLOOR(CAST((
                    (
                      "t1"."month_0" + 9
                    ) % 12
                  ) AS DOUBLE) / 10) AS BIGINT)
                ) AS DOUBLE) / 100
              ) AS BIGINT)
            ) + CAST(FLOOR(
              CAST((
                "t1"."year_0" - CAST(FLOOR(CAST((
                  (
                    "t1"."month_0" + 9
                  ) % 12
                ) AS DOUBLE) / 10) AS BIGINT)
              ) AS DOUBLE) / 400
            ) AS BIGINT)
          ) + CAST(FLOOR(
            CAST((
              (
                (
                  (
                    "t1"."month_0" + 9
                  ) % 12
                ) * 153
              ) + 2
            ) AS DOUBLE) / 5
          ) AS BIGINT) + "t1"."day_0"
        ) - 719469,
        CAST(NULL AS BIGINT)
      ) + CAST(FLOOR(
        CAST((
          COALESCE((
            "t1"."hour_0" * 60
          ) + "t1"."minute_0", 0) - COALESCE(
            IF(
              STARTS_WITH("t1"."zone_0", '-'),
              -(
                (
                  CAST(NULLIF(REGEXP_EXTRACT("t1"."zone_0", '^[+-]([01][0-9]|2[0-3])', 1), '') AS BIGINT) * 60
                ) + COALESCE(
                  CAST(NULLIF(REGEXP_EXTRACT("t1"."zone_0", '^[+-]([01][0-9]|2[0-3]):?([0-5][0-9])$', 2), '') AS BIGINT),
                  0
                )
              ),
              (
                CAST(NULLIF(REGEXP_EXTRACT("t1"."zone_0", '^[+-]([01][0-9]|2[0-3])', 1), '') AS BIGINT) * 60
              ) + COALESCE(
                CAST(NULLIF(REGEXP_EXTRACT("t1"."zone_0", '^[+-]([01][0-9]|2[0-3]):?([0-5][0-9])$', 2), '') AS BIGINT),
                0
              )
            ),
            0
          )
        ) AS DOUBLE) / 1440
      ) AS BIGINT)
      ELSE NULL
    END AS "number"
  FROM (
    SELECT
      IF(NOT "t0"."said" IS NULL, 1, 0) AS "f0",
      CAST(NULLIF(
        REGEXP_EXTRACT(
          TRIM(' 	
' FROM "t0"."said"),
          '^([0-9]{4})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])([ T]([01][0-9]|2[0-3]):([0-5][0-9])(:[0-5][0-9]([.,][0-9]{1,9})?)?(Z|[+-]([01][0-9]|2[0-3])(:?[0-5][0-9])?)?)?$',
          1
        ),
        ''
      ) AS BIGINT) AS "year_0",
      CAST(NULLIF(
        REGEXP_EXTRACT(
          TRIM(' 	
' FROM "t0"."said"),
          '^([0-9]{4})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])([ T]([01][0-9]|2[0-3]):([0-5][0-9])(:[0-5][0-9]([.,][0-9]{1,9})?)?(Z|[+-]([01][0-9]|2[0-3])(:?[0-5][0-9])?)?)?$',
          2
        ),
        ''
      ) AS BIGINT) AS "month_0",
      CAST(NULLIF(
        REGEXP_EXTRACT(
          TRIM(' 	
' FROM "t0"."said"),
          '^([0-9]{4})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])([ T]([01][0-9]|2[0-3]):([0-5][0-9])(:[0-5][0-9]([.,][0-9]{1,9})?)?(Z|[+-]([01][0-9]|2[0-3])(:?[0-5][0-9])?)?)?$',
          3
        ),
        ''
      ) AS BIGINT) AS "day_0",
      CAST(NULLIF(
        REGEXP_EXTRACT(
          TRIM(' 	
' FROM "t0"."said"),
          '^([0-9]{4})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])([ T]([01][0-9]|2[0-3]):([0-5][0-9])(:[0-5][0-9]([.,][0-9]{1,9})?)?(Z|[+-]([01][0-9]|2[0-3])(:?[0-5][0-9])?)?)?$',
          5
        ),
        ''
      ) AS BIGINT) AS "hour_0",
      CAST(NULLIF(
        REGEXP_EXTRACT(
          TRIM(' 	
' FROM "t0"."said"),
          '^([0-9]{4})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])([ T]([01][0-9]|2[0-3]):([0-5][0-9])(:[0-5][0-9]([.,][0-9]{1,9})?)?(Z|[+-]([01][0-9]|2[0-3])(:?[0-5][0-9])?)?)?$',
          6
        ),
        ''
      ) AS BIGINT) AS "minute_0",
      NULLIF(
        REGEXP_EXTRACT(
          TRIM(' 	
' FROM "t0"."said"),
          '^([0-9]{4})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])([ T]([01][0-9]|2[0-3]):([0-5][0-9])(:[0-5][0-9]([.,][0-9]{1,9})?)?(Z|[+-]([01][0-9]|2[0-3])(:?[0-5][0-9])?)?)?$',
          9
        ),
        ''
      ) AS "zone_0"
    FROM "users" AS "t0"
  ) AS "t1"
) AS "t2"
GROUP BY
  1,
  2
