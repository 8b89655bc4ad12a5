# How the page shows the numbers: as text, and as shapes.
#
# In the charts, places along the x axis are percents of the width and places
# along the y axis are pixels of a fixed height. So a chart fits any screen, and
# its text keeps its size.

locals {
  chart_height = 220

  # Bars are days, or weeks where there would be too many days for a phone.
  bar_days = length(local.dates) <= 62 ? 1 : 7
  bars     = chunklist(local.dates, local.bar_days)
  slot     = 100 / length(local.bars)
  # A single bar as wide as the page would look like a mistake.
  bar_width = min(0.72 * local.slot, 8)

  # A label under each bar would not fit: about seven do, every other on a phone.
  label_step = ceil(length(local.bars) / 7)
  days_text = {
    for date in local.dates : date => formatdate(local.bar_days == 1 ? "EEE D MMM YYYY" : "D MMM YYYY", "${date}T00:00:00Z")
  }

  axis = {
    unit   = local.bar_days == 1 ? "day" : "week"
    height = local.chart_height
    labels = [
      for i, bar in local.bars : {
        x      = format("%.3f", (i + 0.5) * local.slot)
        text   = formatdate("D MMM", "${bar[0]}T00:00:00Z")
        sparse = i / local.label_step % 2 == 1
      } if i % local.label_step == 0
    ]
  }

  # A day without any row consumed nothing.
  acus_by_date = { for row in local.consumption.rows : row.date => row.acus... }
  prs_by_date  = { for day in local.prs.days : day.date => day }

  values = [
    for bar in local.bars : {
      label  = length(bar) == 1 ? local.days_text[bar[0]] : "${local.days_text[bar[0]]} – ${local.days_text[bar[length(bar) - 1]]}"
      acus   = sum([for date in bar : sum(lookup(local.acus_by_date, date, [0]))])
      merged = sum([for date in bar : local.prs_by_date[date].prs_merged_count])
      closed = sum([for date in bar : local.prs_by_date[date].prs_closed_count])
      open   = sum([for date in bar : local.prs_by_date[date].prs_opened_count])
    }
  ]

  # The axis ends at a round number above the highest bar: 1, 2 or 5 times a
  # power of ten is a step, and there are at most five. Pull requests are whole,
  # and so are their steps.
  highest  = { acus = max(0, local.values[*].acus...), prs = max(0, [for v in local.values : v.merged + v.closed + v.open]...) }
  power    = { for key, most in local.highest : key => pow(10, most > 0 ? floor(log(most / 5, 10)) : 0) }
  multiple = { for key, most in local.highest : key => most / 5 / local.power[key] }
  step = {
    for key, multiple in local.multiple : key =>
    max(key == "prs" ? 1 : 0, local.power[key] * (multiple <= 1 ? 1 : multiple <= 2 ? 2 : multiple <= 5 ? 5 : 10))
  }
  steps = { for key, most in local.highest : key => max(1, ceil(most / local.step[key])) }
  scale = { for key, steps in local.steps : key => local.chart_height / (steps * local.step[key]) }
  ticks = {
    for key, steps in local.steps : key => [
      for i in range(steps + 1) : {
        y    = format("%.1f", local.chart_height - i * local.step[key] * local.scale[key])
        text = format("%.${local.step[key] < 1 ? ceil(-log(local.step[key], 10)) : 0}f", i * local.step[key])
      }
    ]
  }

  # A trailing mean shows where it goes behind the quiet weekends.
  means = local.bar_days == 1 && length(local.values) >= 14 ? [
    for i in range(6, length(local.values)) : {
      x = (i + 0.5) * local.slot
      y = local.chart_height - sum(slice(local.values[*].acus, i - 6, i + 1)) / 7 * local.scale.acus
    }
  ] : []

  acus_chart = {
    ticks = [for tick in local.ticks.acus : { y = tick.y, text = local.grouped[tick.text] }]
    most  = try([for v in local.values : "${local.grouped[format("%.2f", v.acus)]} on ${v.label}" if v.acus == local.highest.acus && v.acus > 0][0], null)
    bars = [
      for i, v in local.values : {
        label  = v.label
        text   = local.grouped[format("%.2f", v.acus)]
        x      = format("%.3f", (i + 0.5) * local.slot - local.bar_width / 2)
        width  = format("%.3f", local.bar_width)
        y      = format("%.1f", local.chart_height - v.acus * local.scale.acus)
        height = format("%.1f", v.acus * local.scale.acus)
      }
    ]
    line = [
      for i, to in local.means : {
        x1 = format("%.3f", local.means[i - 1].x), y1 = format("%.1f", local.means[i - 1].y)
        x2 = format("%.3f", to.x), y2 = format("%.1f", to.y)
      } if i > 0
    ]
  }

  prs_chart = {
    ticks = [for tick in local.ticks.prs : { y = tick.y, text = local.grouped[tick.text] }]
    any   = local.highest.prs > 0
    bars = [
      for i, v in local.values : {
        label  = v.label
        merged = v.merged
        closed = v.closed
        open   = v.open
        x      = format("%.3f", (i + 0.5) * local.slot - local.bar_width / 2)
        width  = format("%.3f", local.bar_width)
        # From the bottom up: merged, closed, open.
        parts = [
          for part in [
            { state = "merged", from = 0, count = v.merged },
            { state = "closed", from = v.merged, count = v.closed },
            { state = "open", from = v.merged + v.closed, count = v.open },
            ] : {
            state  = part.state
            y      = format("%.1f", local.chart_height - (part.from + part.count) * local.scale.prs)
            height = format("%.1f", part.count * local.scale.prs)
          } if part.count > 0
        ]
      }
    ]
  }
}
