output "charges" {
  description = "ACUs and their price by tag or repository. (rest) is sessions with none, (no session) is what no session consumed."
  value = {
    for account, acus in merge(local.charged, { "(no session)" = local.no_session }) : account => {
      acus = tonumber(format("%.2f", acus))
      cost = tonumber(format("%.2f", acus * var.acu_price))
    }
  }
}

output "total_acus" {
  description = "What the enterprise consumed in the window: the sum of all charges."
  value       = tonumber(format("%.2f", local.enterprise))
}
