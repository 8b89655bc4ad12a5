output "charges" {
  description = "ACUs and their cost, by tag or repository. (rest) is the use of sessions without one. (no session) is use outside sessions."
  value = {
    for account, acus in merge(local.charged, { "(no session)" = local.no_session }) : account => {
      acus = provider::devin::round(acus, 2)
      cost = provider::devin::round(acus * var.acu_price, 2)
    }
  }
}

output "total_acus" {
  description = "The ACUs that the enterprise consumed in the window: the sum of all charges before rounding."
  value       = provider::devin::round(local.enterprise, 2)
}
