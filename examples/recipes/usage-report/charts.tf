# Stacked bar charts.
#
# Positions on the x axis are percentages of the width, and positions on the y axis are
# pixels of a fixed height. A chart therefore fits any screen, and its text keeps its
# size.

locals {
  chart_height = 220

  # Bars are days. If there are too many days for a phone, bars are weeks from Monday on.
  by_week  = length(local.dates) > 35
  weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
  weekday  = { for date in local.dates : date => index(local.weekdays, formatdate("EEE", "${date}T00:00:00Z")) }
  day_bars = [
    for first, dates in {
      for date in local.dates :
      (local.by_week ? formatdate("YYYY-MM-DD", timeadd("${date}T00:00:00Z", "${- 24 * local.weekday[date]}h")) : date) => date...
      } : {
      dates = dates
      first = dates[0]
      label = join(" – ", concat(
        length(dates) > 1 ? [formatdate("D MMM", "${dates[0]}T00:00:00Z")] : [],
        [formatdate(local.by_week ? "D MMM YYYY" : "EEE D MMM", "${dates[length(dates) - 1]}T00:00:00Z")],
      ))
      # A week with fewer days, or the current day, would look like a drop.
      partial = local.by_week && length(dates) < 7 ? "${length(dates)} day${length(dates) == 1 ? "" : "s"} only" : contains(dates, local.today) ? "not over" : null
      weekend = !local.by_week && local.weekday[dates[0]] >= 5
      monday  = local.weekday[dates[0]] == 0
    }
  ]
  week_bars = [
    for week in try(data.devin_active_users.weekly[0].intervals, []) : {
      dates   = [week.start_date]
      first   = week.start_date
      label   = "${formatdate("D MMM", "${week.start_date}T00:00:00Z")} – ${formatdate("D MMM YYYY", "${week.end_date}T00:00:00Z")}"
      partial = sort([week.start_date, local.start_date])[0] != local.start_date || sort([week.end_date, local.end_date])[1] != local.end_date ? "reaches out of the window" : null
      weekend = false
      monday  = true
    }
  ]

  # The two products with the most ACUs, and all others. A day without consumption may
  # be missing.
  products = try(local.enterprise.acus_by_product, {})
  leading  = slice([for key in local.order.products : keys(local.products)[key]], 0, min(2, length(local.products)))
  by_date = {
    acus   = { for day in try(local.enterprise.days, []) : day.date => day.acus }
    first  = { for day in try(local.enterprise.days, []) : day.date => try(day.acus_by_product[local.leading[0]], 0) }
    second = { for day in try(local.enterprise.days, []) : day.date => try(day.acus_by_product[local.leading[1]], 0) }
    merged = { for day in try(local.prs.days, []) : day.date => day.prs_merged_count }
    closed = { for day in try(local.prs.days, []) : day.date => day.prs_closed_count }
    open   = { for day in try(local.prs.days, []) : day.date => day.prs_opened_count }
    active = { for week in try(data.devin_active_users.weekly[0].intervals, []) : week.start_date => week.active_users }
  }
  sums = {
    for of, days in local.by_date : of => [
      for bar in of == "active" ? local.week_bars : local.day_bars : sum([for date in bar.dates : try(days[date], 0)])
    ]
  }
  others_acus = [for i, acus in local.sums.acus : max(0, provider::devin::round(acus - local.sums.first[i] - local.sums.second[i], 6))]

  # Each chart: its bars, and its parts from the bottom up.
  sketches = {
    acus = {
      heading = "ACUs per ${local.by_week ? "week" : "day"}", unit = local.by_week ? "week" : "billing day", digits = 2, whole = false, bars = local.day_bars
      missing = !local.may.consumption, nothing = "Nothing was consumed in this window.", mean = !local.by_week
      parts = concat(
        [for i, product in local.leading : { class = i == 0 ? "first" : "second", label = local.product_names[product], values = local.sums[i == 0 ? "first" : "second"], total = null }],
        sum(concat([0], local.others_acus)) > 0 ? [{ class = "third", label = length(local.leading) == 0 ? "ACUs" : "other products", values = local.others_acus, total = null }] : [],
      )
    }
    prs = {
      heading = "Pull requests per ${local.by_week ? "week" : "day"}", unit = local.by_week ? "week" : "billing day", digits = 0, whole = true, bars = local.day_bars
      missing = !local.may.metrics, nothing = "Devin created no pull request in this window.", mean = false
      parts = [
        { class = "merged", label = "merged", values = local.sums.merged, total = local.totals.prs_merged },
        { class = "closed", label = "closed without a merge", values = local.sums.closed, total = local.totals.prs_closed },
        { class = "open", label = "still open", values = local.sums.open, total = local.totals.prs_open },
      ]
    }
    active = {
      heading = "Active users per week", unit = "week", digits = 0, whole = true, bars = local.week_bars
      missing = !local.may.metrics, nothing = "No user was active in this window.", mean = false
      parts   = [{ class = "first", label = "users with a session or a search, in UTC weeks", values = local.sums.active, total = null }]
    }
  }

  # The axis ends at a round number above the highest bar. A step is 1, 2 or 5 times a
  # power of ten, and there are at most five steps. Counts have whole steps. Long numbers
  # are in thousands or millions.
  heights  = { for key, c in local.sketches : key => [for i, bar in c.bars : sum(concat([0], [for part in c.parts : part.values[i]]))] }
  highest  = { for key, all in local.heights : key => max(0, all...) }
  power    = { for key, most in local.highest : key => pow(10, most > 0 ? floor(log(most / 5, 10)) : 0) }
  multiple = { for key, most in local.highest : key => most / 5 / local.power[key] }
  step = {
    for key, multiple in local.multiple : key =>
    max(local.sketches[key].whole ? 1 : 0, local.power[key] * (multiple <= 1 ? 1 : multiple <= 2 ? 2 : multiple <= 5 ? 5 : 10))
  }
  steps  = { for key, most in local.highest : key => max(1, ceil(most / local.step[key])) }
  scale  = { for key, steps in local.steps : key => local.chart_height / (steps * local.step[key]) }
  suffix = { for key, steps in local.steps : key => steps * local.step[key] >= 1000000 ? "M" : steps * local.step[key] >= 100000 ? "k" : "" }
  tick   = { for key, suffix in local.suffix : key => local.step[key] / (suffix == "M" ? 1000000 : suffix == "k" ? 1000 : 1) }
  slot   = { for key, c in local.sketches : key => 100 / max(1, length(c.bars)) }
  # A single bar as wide as the page would look like a mistake.
  bar_width = { for key, slot in local.slot : key => min(0.72 * slot, 8) }

  # A label under each bar would not fit. With many days, Mondays have labels; otherwise
  # about seven bars do. A phone has room for three.
  labelled = {
    for key, c in local.sketches : key => [
      for i, bar in c.bars : merge(bar, { i = i })
      if !local.by_week && length(c.bars) >= 14 ? bar.monday : i % max(1, ceil(length(c.bars) / 7)) == 0
    ]
  }

  # A trailing mean shows the trend despite quiet weekends. The current day is left out,
  # because it would lower the mean.
  means = {
    for key, c in local.sketches : key => c.mean && length(c.bars) >= 14 ? [
      for i in range(6, length(c.bars) - (local.complete ? 0 : 1)) : {
        x = format("%.3f", (i + 0.5) * local.slot[key])
        y = format("%.1f", local.chart_height - sum(slice(local.heights[key], i - 6, i + 1)) / 7 * local.scale[key])
      }
    ] : []
  }

  charts = {
    for key, c in local.sketches : key => c.missing ? "" : templatefile("${path.module}/chart.html.tftpl", {
      id      = key
      heading = c.heading
      nothing = local.highest[key] == 0 ? c.nothing : null
      unit    = c.unit
      height  = local.chart_height
      slot    = format("%.3f", local.slot[key])
      legend  = [for part in c.parts : merge(part, { total = part.total == null ? "" : templatefile("${path.module}/number.tftpl", { value = part.total, digits = 0 }) })]
      mean    = local.means[key]
      partial = length([for bar in c.bars : bar if bar.partial != null]) > 0
      ticks = [
        for i in range(local.steps[key] + 1) : {
          y = format("%.1f", local.chart_height - i * local.step[key] * local.scale[key])
          text = "${templatefile("${path.module}/number.tftpl", {
            value = i * local.tick[key], digits = local.tick[key] < 1 ? ceil(-log(local.tick[key], 10)) : local.tick[key] % 1 == 0 ? 0 : 1
          })}${i == 0 ? "" : local.suffix[key]}"
        }
      ]
      labels = [
        for n, bar in local.labelled[key] : {
          x      = format("%.3f", (bar.i + 0.5) * local.slot[key])
          text   = formatdate(c.unit == "week" ? (n == 0 || substr(bar.first, 0, 4) != substr(local.labelled[key][max(0, n - 1)].first, 0, 4) ? "D MMM YYYY" : "D MMM") : "EEE D MMM", "${bar.first}T00:00:00Z")
          sparse = n % ceil(length(local.labelled[key]) / 3) != 0
        }
      ]
      bars = [
        for i, bar in c.bars : merge(bar, {
          label  = bar.partial == null ? bar.label : "${bar.label} (${bar.partial})"
          slot   = format("%.3f", i * local.slot[key])
          x      = format("%.3f", (i + 0.5) * local.slot[key] - local.bar_width[key] / 2)
          width  = format("%.3f", local.bar_width[key])
          height = format("%.1f", local.heights[key][i] * local.scale[key])
          total  = templatefile("${path.module}/number.tftpl", { value = local.heights[key][i], digits = c.digits })
          values = [for part in c.parts : templatefile("${path.module}/number.tftpl", { value = part.values[i], digits = c.digits })]
          parts = [
            for p, part in c.parts : {
              class  = part.class
              y      = format("%.1f", local.chart_height - sum([for q in slice(c.parts, 0, p + 1) : q.values[i]]) * local.scale[key])
              height = format("%.1f", part.values[i] * local.scale[key])
            } if part.values[i] > 0
          ]
        })
      ]
    })
  }
}
