#!/bin/sh
# Writes the report of the month before this one in China to reports/MONTH; further options go to
# scrapy export.
set -eu
cd "$(dirname "$0")/.."
TZ=Asia/Shanghai
export TZ
# From the middle of the month: a month before the 31st is not always last month.
month="$(date -d "$(date +%Y-%m-15) -1 month" +%Y-%m)"
exec .venv/bin/scrapy export "$month" "$@"
