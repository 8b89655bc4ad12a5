# The page, from its pieces.

locals {
  # Sets a comma before each three digits; three passes are enough for a trillion.
  thousands = "/^([^0-9-]*-?[0-9]+)([0-9]{3})([^0-9]|$)/"

  figures = [
    for f in local.raw_figures : merge(f, {
      value = f.value == null ? "–" : "${f.unit}${replace(replace(replace(f.value, local.thousands, "$1,$2$3"), local.thousands, "$1,$2$3"), local.thousands, "$1,$2$3")}"
      aside = f.value == null && f.aside != "none was created" && !startswith(f.aside, "of ") ? "not to be read" : replace(f.aside, "/([0-9])([0-9]{3})(\\b)/", "$1,$2$3")
      delta = f.delta == null ? "" : f.than == null ? f.delta : "${f.delta}${f.unit == "" ? " " : ""}${replace(replace(replace(f.than, local.thousands, "$1,$2$3"), local.thousands, "$1,$2$3"), local.thousands, "$1,$2$3")}"
    })
  ]

  users_table = [
    for row in local.raw_users : {
      for name, text in row : name => text == null ? null : contains(["acus", "cost", "prs", "label"], name) && (name != "label" || row.kind == "rest") ?
      "${name == "cost" ? local.currency : ""}${replace(replace(replace(replace(text, "/ ([0-9]+)([0-9]{3})$/", " $1,$2"), local.thousands, "$1,$2$3"), local.thousands, "$1,$2$3"), local.thousands, "$1,$2$3")}" :
      # An address that does not fit in a line breaks before its @.
      contains(["label", "note"], name) ? replace(text, "@", "<wbr/>@") : text
    }
  ]

  # The first ten rows by ACUs, and one that says what the others are.
  ordered = {
    for name, t in local.raw_tables : name => contains(["where", "distribution"], name) ? t.rows : [
      for key in reverse(sort([for i, row in t.rows : format("%018.2f/%09d", row[1], 999999999 - i)])) : t.rows[999999999 - tonumber(split("/", key)[1])]
    ]
  }
  tables = {
    for name, t in local.raw_tables : name => {
      heading = t.heading, columns = t.columns, empty = t.empty != null ? t.empty : length(t.rows) == 0 ? "There is nothing to show in this window." : null
      note    = replace(replace(t.note, local.thousands, "$1,$2$3"), local.thousands, "$1,$2$3")
      rows = [
        for row in concat(slice(local.ordered[name], 0, min(10, length(t.rows))), length(t.rows) <= 10 ? [] : [
          ["${length(t.rows) - 10} others", format("%.2f", sum([for other in slice(local.ordered[name], 10, length(t.rows)) : tonumber(other[1])])), ""]
          ]) : [
          for i, text in row : i == 0 ? text : replace(replace(replace(text, local.thousands, "$1,$2$3"), local.thousands, "$1,$2$3"), local.thousands, "$1,$2$3")
        ]
      ]
    }
  }

  charts = {
    for key, c in local.raw_charts : key => merge(c, {
      ticks  = [for tick in c.ticks : merge(tick, { text = replace(replace(tick.text, local.thousands, "$1,$2$3"), local.thousands, "$1,$2$3") })]
      legend = [for part in c.legend : merge(part, { total = replace(replace(part.total, local.thousands, "$1,$2$3"), local.thousands, "$1,$2$3") })]
      bars = [
        for bar in c.bars : merge(bar, {
          total  = replace(replace(bar.total, local.thousands, "$1,$2$3"), local.thousands, "$1,$2$3")
          values = [for value in bar.values : replace(replace(value, local.thousands, "$1,$2$3"), local.thousands, "$1,$2$3")]
        })
      ]
    })
  }

  window = length(local.dates) == 0 ? "No window" : join(" – ", distinct([
    # The year once, where both days are of the same.
    formatdate(substr(local.totals.start_date, 0, 4) == substr(local.totals.end_date, 0, 4) && local.totals.start_date != local.totals.end_date ? "D MMM" : "D MMM YYYY", "${local.totals.start_date}T00:00:00Z"),
    formatdate("D MMM YYYY", "${local.totals.end_date}T00:00:00Z"),
  ]))

  budget_text = local.budget == null ? null : replace(replace(join(" ", compact([
    local.budget.percent == null ? "The pool is 0 ACUs." : "${format("%.1f", local.budget.percent)}% of the pool of ${format("%.0f", local.budget.pool)} ACUs is used.",
    local.budget.projected == null ? "A projection needs a window from the start of the current billing cycle." : "At this rate the cycle comes to ${format("%.0f", local.budget.projected)} ACUs, which is ${local.budget.over ? "more than the pool has" : "within the pool"}.",
  ])), "/([0-9])([0-9]{3} ACUs)/", "$1,$2"), "/([0-9])([0-9]{3},[0-9]{3} ACUs)/", "$1,$2")

  chart_pieces = {
    for key, chart in local.charts : key => templatefile("${path.module}/chart.html.tftpl", { id = key, chart = chart, height = local.chart_height })
  }
  table_pieces = {
    for name, table in local.tables : name => templatefile("${path.module}/table.html.tftpl", { id = name, table = table })
  }

  report = templatefile("${path.module}/report.html.tftpl", {
    style    = file("${path.module}/style.css")
    title    = local.escaped[var.title]
    window   = local.window
    days     = length(local.dates)
    complete = local.totals.complete
    missing  = distinct(compact([for what, text in local.missing : text]))
    figures  = local.figures
    budget   = local.budget_text
    users    = local.users_table
    no_users = local.missing.consumption != null ? local.missing.consumption : local.missing.members
    charts   = local.chart_pieces
    tables   = local.table_pieces
  })
}
