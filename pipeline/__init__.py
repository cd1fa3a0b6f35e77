"""The spine both teams share: stages, companies, contacts, consent, campaigns, spend, products, deals."""
