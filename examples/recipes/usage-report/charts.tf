# Charts of bars that are made of parts, one on the other.
#
# Places along the x axis are percents of the width and places along the y axis
# are pixels of a fixed height. So a chart fits any screen, and its text keeps its
# size.

locals {
  chart_height = 220

  # Bars are days, or weeks where there would be too many days for a phone.
  bar_days = length(local.dates) <= 62 ? 1 : 7
  unit     = local.bar_days == 1 ? "day" : "week"
  day_bars = [
    for dates in length(local.dates) == 0 ? [] : chunklist(local.dates, local.bar_days) : {
      dates = dates
      first = dates[0]
      label = join(" – ", distinct([for date in [dates[0], dates[length(dates) - 1]] : formatdate(local.bar_days == 1 ? "EEE D MMM YYYY" : "D MMM YYYY", "${date}T00:00:00Z")]))
      # The last week may have fewer days, and would look like a fall.
      partial = length(dates) < local.bar_days ? "${length(dates)} day${length(dates) == 1 ? "" : "s"} only" : null
    }
  ]
  week_bars = [
    for week in try(data.devin_active_users.weekly[0].periods, []) : {
      dates   = [week.start_date]
      first   = week.start_date
      label   = "${formatdate("D MMM", "${week.start_date}T00:00:00Z")} – ${formatdate("D MMM YYYY", "${week.end_date}T00:00:00Z")}"
      partial = timecmp("${week.start_date}T00:00:00Z", "${local.dates[0]}T00:00:00Z") < 0 || timecmp("${week.end_date}T00:00:00Z", "${local.dates[length(local.dates) - 1]}T00:00:00Z") > 0 ? "reaches out of the window" : null
    }
  ]

  # A day without any row consumed nothing.
  by_date = {
    enterprise = { for row in try(local.enterprise.days, []) : row.date => row.acus... }
    members    = { for row in try(local.consumption.rows, []) : row.date => row.acus... }
    service    = { for row in try(local.service_users.rows, []) : row.date => row.acus... }
    merged     = { for day in try(local.prs.days, []) : day.date => day.prs_merged_count... }
    closed     = { for day in try(local.prs.days, []) : day.date => day.prs_closed_count... }
    open       = { for day in try(local.prs.days, []) : day.date => day.prs_opened_count... }
    active     = { for week in try(data.devin_active_users.weekly[0].periods, []) : week.start_date => week.active_users... }
  }
  sums = {
    for of, days in local.by_date : of => [
      for bar in of == "active" ? local.week_bars : local.day_bars : sum(concat([0], flatten([for date in bar.dates : lookup(days, date, [])])))
    ]
  }

  # Each chart: its bars, and its parts from the bottom up.
  sketches = {
    acus = {
      heading = "ACUs per ${local.unit}", unit = "ACUs", digits = 2, whole = false, bars = local.enterprise == null ? [] : local.day_bars
      empty   = local.missing.consumption, nothing = "Nobody consumed anything in this window.", mean = local.bar_days == 1
      parts = local.consumption == null ? [
        { class = "members", label = "the enterprise", short = "ACUs", values = local.sums.enterprise, total = local.totals.acus },
        ] : [
        { class = "members", label = "members", short = "members", values = local.sums.members, total = local.totals.members_acus },
        { class = "service", label = "service users", short = "service users", values = local.sums.service, total = local.service_users.total_acus },
        { class = "unknown", label = "nobody", short = "nobody", values = [for i, all in local.sums.enterprise : max(0, provider::devin::round(all - local.sums.members[i] - local.sums.service[i], 6))], total = local.rest_acus },
      ]
    }
    prs = {
      heading = "Pull requests per ${local.unit}", unit = "", digits = 0, whole = true, bars = local.prs == null ? [] : local.day_bars
      empty   = local.missing.metrics, nothing = "Devin created no pull request in this window.", mean = false
      parts = [
        { class = "merged", label = "merged", short = "merged", values = local.sums.merged, total = local.totals.prs_merged },
        { class = "closed", label = "closed without a merge", short = "closed", values = local.sums.closed, total = local.totals.prs_closed },
        { class = "open", label = "open now", short = "open", values = local.sums.open, total = local.totals.prs_open },
      ]
    }
    active = {
      heading = "Active users per week", unit = "", digits = 0, whole = true, bars = local.week_bars
      empty   = local.missing.metrics, nothing = "Nobody was active in this window.", mean = false
      parts   = [{ class = "members", label = "users with a session or a search, in weeks of UTC", short = "users", values = local.sums.active, total = null }]
    }
  }

  # The axis ends at a round number above the highest bar: 1, 2 or 5 times a
  # power of ten is a step, and there are at most five. What is counted is whole,
  # and so are its steps.
  heights  = { for key, c in local.sketches : key => [for i, bar in c.bars : sum(concat([0], [for part in c.parts : part.values[i]]))] }
  highest  = { for key, all in local.heights : key => max(0, all...) }
  power    = { for key, most in local.highest : key => pow(10, most > 0 ? floor(log(most / 5, 10)) : 0) }
  multiple = { for key, most in local.highest : key => most / 5 / local.power[key] }
  step = {
    for key, multiple in local.multiple : key =>
    max(local.sketches[key].whole ? 1 : 0, local.power[key] * (multiple <= 1 ? 1 : multiple <= 2 ? 2 : multiple <= 5 ? 5 : 10))
  }
  steps = { for key, most in local.highest : key => max(1, ceil(most / local.step[key])) }
  scale = { for key, steps in local.steps : key => local.chart_height / (steps * local.step[key]) }
  slot  = { for key, c in local.sketches : key => 100 / max(1, length(c.bars)) }
  # A single bar as wide as the page would look like a mistake.
  bar_width = { for key, slot in local.slot : key => min(0.72 * slot, 8) }
  # A label under each bar would not fit: about seven do, every other on a phone.
  label_step = { for key, c in local.sketches : key => max(1, ceil(length(c.bars) / 7)) }
  labelled   = { for key, c in local.sketches : key => [for i, bar in c.bars : merge(bar, { i = i }) if i % local.label_step[key] == 0] }

  # A trailing mean shows where it goes behind the quiet weekends.
  means = {
    for key, c in local.sketches : key => c.mean && length(c.bars) >= 14 ? [
      for i in range(6, length(c.bars)) : {
        x = (i + 0.5) * local.slot[key]
        y = local.chart_height - sum(slice(local.heights[key], i - 6, i + 1)) / 7 * local.scale[key]
      }
    ] : []
  }

  raw_charts = {
    for key, c in local.sketches : key => {
      heading = c.heading
      empty   = c.empty != null ? c.empty : local.highest[key] == 0 ? c.nothing : null
      unit    = c.unit
      bar     = key == "active" || local.unit == "week" ? "Week" : "Billing day"
      legend  = [for part in c.parts : { class = part.class, label = part.label, short = part.short, total = part.total == null ? "" : format("%.${c.digits}f", part.total) }]
      mean    = length(local.means[key]) > 0
      partial = length([for bar in c.bars : bar if bar.partial != null]) > 0
      ticks = [
        for i in range(local.steps[key] + 1) : {
          y    = format("%.1f", local.chart_height - i * local.step[key] * local.scale[key])
          text = format("%.${local.step[key] < 1 ? ceil(-log(local.step[key], 10)) : 0}f", i * local.step[key])
        }
      ]
      labels = [
        for n, bar in local.labelled[key] : {
          x      = format("%.3f", (bar.i + 0.5) * local.slot[key])
          text   = formatdate(n == 0 || substr(bar.first, 0, 4) != substr(local.labelled[key][max(0, n - 1)].first, 0, 4) ? "D MMM YYYY" : "D MMM", "${bar.first}T00:00:00Z")
          sparse = n % 2 == 1
        }
      ]
      bars = [
        for i, bar in c.bars : {
          label   = bar.partial == null ? bar.label : "${bar.label} (${bar.partial})"
          partial = bar.partial != null
          x       = format("%.3f", (i + 0.5) * local.slot[key] - local.bar_width[key] / 2)
          width   = format("%.3f", local.bar_width[key])
          height  = format("%.1f", local.heights[key][i] * local.scale[key])
          total   = format("%.${c.digits}f", local.heights[key][i])
          values  = [for part in c.parts : format("%.${c.digits}f", part.values[i])]
          parts = [
            for p, part in c.parts : {
              class  = part.class
              y      = format("%.1f", local.chart_height - sum(concat([0], [for q in slice(c.parts, 0, p + 1) : q.values[i]])) * local.scale[key])
              height = format("%.1f", part.values[i] * local.scale[key])
            } if part.values[i] > 0
          ]
        }
      ]
      line = [
        for i, to in local.means[key] : {
          x1 = format("%.3f", local.means[key][i - 1].x), y1 = format("%.1f", local.means[key][i - 1].y)
          x2 = format("%.3f", to.x), y2 = format("%.1f", to.y)
        } if i > 0
      ]
    }
  }
}
