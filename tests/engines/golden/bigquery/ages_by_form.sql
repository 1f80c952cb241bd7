SELECT
  `t2`.`spoke`,
  `t2`.`number`,
  COUNT(*) AS `records`
FROM (
  SELECT
    CASE WHEN `t1`.`f0` = 1 THEN 0 ELSE -1 END AS `spoke`,
    CASE
      WHEN `t1`.`f0` = 1
      THEN IF(
        (
          `t1`.`day_0` <= 28
        )
        OR (
          (
            `t1`.`day_0` = 29
          )
          AND (
            (
              (
                MOD(`t1`.`year_0`, 4)
              ) = 0
            )
            AND (
              (
                (
                  MOD(`t1`.`year_0`, 100)
                ) <> 0
              )
              OR (
                (
                  MOD(`t1`.`year_0`, 400)
                ) = 0
              )
            )
          )
        )
        OR (
          (
            `t1`.`day_0` <= 30
          ) AND (
            `t1`.`month_0` <> 2
          )
        )
        OR `t1`.`month_0` IN (1, 3, 5, 7, 8, 10, 12),
        (
          (
            (
              `t1`.`year_0` - CAST(FLOOR(IEEE_DIVIDE(MOD(`t1`.`month_0` + 9, 12), 10)) AS INT64)
            ) * 365
          ) + (
            (
              CAST(FLOOR(
                IEEE_DIVIDE(
                  `t1`.`year_0` - CAST(FLOOR(IEEE_DIVIDE(MOD(`t1`.`month_0` + 9, 12), 10)) AS INT64),
                  4
                )
              ) AS INT64) - CAST(FLOOR(
                IEEE_DIVIDE(
                  `t1`.`year_0` - CAST(FLOOR(IEEE_DIVIDE(MOD(`t1`.`month_0` + 9, 12), 10)) AS INT64),
                  100
                )
              ) AS INT64)
            ) + CAST(FLOOR(
              IEEE_DIVIDE(
                `t1`.`year_0` - CAST(FLOOR(IEEE_DIVIDE(MOD(`t1`.`month_0` + 9, 12), 10)) AS INT64),
                400
              )
            ) AS INT64)
          ) + CAST(FLOOR(IEEE_DIVIDE((
            (
              MOD(`t1`.`month_0` + 9, 12)
            ) * 153
          ) + 2, 5)) AS INT64) + `t1`.`day_0`
        ) - 719469,
        CAST(NULL AS INT64)
      )
      ELSE NULL
    END AS `number`
  FROM (
    SELECT
      IF(NOT `t0`.`said` IS NULL, 1, 0) AS `f0`,
      CAST(NULLIF(
        IF(
          REGEXP_CONTAINS(
            TRIM(`t0`.`said`, ' \t\n\r\v\f'),
            '^(3[01]|[12][0-9]|0?[1-9])[/](1[0-2]|0?[1-9])[/]([0-9]{4})$'
          ),
          IF(
            1 = 0,
            REGEXP_REPLACE(
              TRIM(`t0`.`said`, ' \t\n\r\v\f'),
              CONCAT(
                '.*?',
                CONCAT('(', '^(3[01]|[12][0-9]|0?[1-9])[/](1[0-2]|0?[1-9])[/]([0-9]{4})$', ')'),
                '.*'
              ),
              '\\1'
            ),
            REGEXP_REPLACE(
              TRIM(`t0`.`said`, ' \t\n\r\v\f'),
              CONCAT('.*?', '^(3[01]|[12][0-9]|0?[1-9])[/](1[0-2]|0?[1-9])[/]([0-9]{4})$', '.*'),
              CONCAT('\\', CAST(1 AS STRING))
            )
          ),
          NULL
        ),
        ''
      ) AS INT64) AS `day_0`,
      CAST(NULLIF(
        IF(
          REGEXP_CONTAINS(
            TRIM(`t0`.`said`, ' \t\n\r\v\f'),
            '^(3[01]|[12][0-9]|0?[1-9])[/](1[0-2]|0?[1-9])[/]([0-9]{4})$'
          ),
          IF(
            2 = 0,
            REGEXP_REPLACE(
              TRIM(`t0`.`said`, ' \t\n\r\v\f'),
              CONCAT(
                '.*?',
                CONCAT('(', '^(3[01]|[12][0-9]|0?[1-9])[/](1[0-2]|0?[1-9])[/]([0-9]{4})$', ')'),
                '.*'
              ),
              '\\1'
            ),
            REGEXP_REPLACE(
              TRIM(`t0`.`said`, ' \t\n\r\v\f'),
              CONCAT('.*?', '^(3[01]|[12][0-9]|0?[1-9])[/](1[0-2]|0?[1-9])[/]([0-9]{4})$', '.*'),
              CONCAT('\\', CAST(2 AS STRING))
            )
          ),
          NULL
        ),
        ''
      ) AS INT64) AS `month_0`,
      CAST(NULLIF(
        IF(
          REGEXP_CONTAINS(
            TRIM(`t0`.`said`, ' \t\n\r\v\f'),
            '^(3[01]|[12][0-9]|0?[1-9])[/](1[0-2]|0?[1-9])[/]([0-9]{4})$'
          ),
          IF(
            3 = 0,
            REGEXP_REPLACE(
              TRIM(`t0`.`said`, ' \t\n\r\v\f'),
              CONCAT(
                '.*?',
                CONCAT('(', '^(3[01]|[12][0-9]|0?[1-9])[/](1[0-2]|0?[1-9])[/]([0-9]{4})$', ')'),
                '.*'
              ),
              '\\1'
            ),
            REGEXP_REPLACE(
              TRIM(`t0`.`said`, ' \t\n\r\v\f'),
              CONCAT('.*?', '^(3[01]|[12][0-9]|0?[1-9])[/](1[0-2]|0?[1-9])[/]([0-9]{4})$', '.*'),
              CONCAT('\\', CAST(3 AS STRING))
            )
          ),
          NULL
        ),
        ''
      ) AS INT64) AS `year_0`
    FROM `users` AS `t0`
  ) AS `t1`
) AS `t2`
GROUP BY
  1,
  2
