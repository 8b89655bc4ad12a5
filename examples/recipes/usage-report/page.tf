# The page, from its parts.

locals {
  # Windows in words. If both days are in the same year, the year appears once.
  windows = {
    for name, w in { now = local.totals, before = local.before } : name => join(" – ", distinct([
      formatdate(substr(w.start_date, 0, 4) == substr(w.end_date, 0, 4) && w.start_date != w.end_date ? "D MMM" : "D MMM YYYY", "${w.start_date}T00:00:00Z"),
      formatdate("D MMM YYYY", "${w.end_date}T00:00:00Z"),
    ]))
  }

  # What the key may not read, and what to do about it.
  missing = compact([
    local.may.consumption ? "" : "Consumption, costs and the members who consumed most need <code>ViewAccountConsumption</code>, in older deployments <code>ManageBilling</code>.",
    local.may.members ? "" : "Members, service users and IdP groups need <code>ViewAccountMembership</code>, in older deployments <code>ManageAccountMembership</code>.",
    local.may.metrics ? "" : "Active users, sessions and pull requests need <code>ViewAccountMetrics</code>.",
    local.key_checks["organizations"] ? "" : "Organizations need <code>ManageOrganizations</code>.",
  ])

  # The pool as a bar: what is used, and the projected use at the end of the cycle.
  budget = var.pool_acus == null || local.totals.acus == null ? null : {
    over = max(local.totals.acus, coalesce(local.projected, 0)) > var.pool_acus
    bar = {
      for name, acus in { used = local.totals.acus, pool = var.pool_acus, projected = max(0, coalesce(local.projected, 0) - local.totals.acus) } :
      name => format("%.2f", 100 * acus / max(local.totals.acus, var.pool_acus, coalesce(local.projected, 0)))
    }
    projected = local.projected != null
    used      = "${templatefile(local.number, { value = 100 * local.totals.acus / var.pool_acus, digits = 1 })}% of the pool of ${templatefile(local.number, { value = var.pool_acus, digits = 0 })} ACUs is used"
    rate = local.projected == null ? "A projection needs a window from the start of the current billing cycle, whose end must be known." : join("", [
      "At this rate the cycle reaches ${templatefile(local.number, { value = local.projected, digits = 0 })} ACUs by ${formatdate("D\u00a0MMM", "${local.current.end_date}T00:00:00Z")}, ",
      "${templatefile(local.number, { value = abs(local.projected - var.pool_acus), digits = 0 })} ${local.projected > var.pool_acus ? "more" : "less"} than the pool",
      local.projected > var.pool_acus && local.totals.acus <= var.pool_acus ? ", which runs out on ${local.exhausted}." : ".",
    ])
  }

  report = templatefile("${path.module}/report.html.tftpl", {
    style    = file("${path.module}/style.css")
    title    = templatefile(local.text, { text = var.title })
    window   = local.windows.now
    days     = length(local.dates)
    read_at  = formatdate("D MMM YYYY hh:mm", local.read_at)
    by       = templatefile(local.text, { text = coalesce(data.devin_connection_check.key.principal_name, "a key without a name") })
    before   = local.complete && (local.may.consumption || local.may.metrics) ? local.windows.before : null
    complete = local.complete
    summary  = templatefile(local.text, { text = data.devin_connection_check.key.summary })
    missing  = local.missing
    figures  = local.figures
    budget   = local.budget
    people   = [for row in local.people : merge(row, { part = row.part == null ? null : format("%.2f", row.part), share = row.part == null ? "–" : "${templatefile(local.number, { value = row.part, digits = 1 })}%" })]
    bars     = try(local.people[0].part >= 5, false)
    together = length(local.top) < 2 || local.top_part == 0 ? null : "These ${length(local.top)} used ${templatefile(local.number, { value = local.top_part, digits = 1 })}% of all ACUs."
    charts   = local.charts
    tables   = local.tables
  })
}
