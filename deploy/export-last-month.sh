#!/bin/sh
# Writes the report of last month in China to reports/MONTH; further options are passed to
# scrapy export.
set -eu
cd "$(dirname "$0")/.."
TZ=Asia/Shanghai
export TZ
# Counts from the middle of the month: one month before the 31st is not always last month.
month="$(date -d "$(date +%Y-%m-15) -1 month" +%Y-%m)"
exec .venv/bin/scrapy export "$month" "$@"
