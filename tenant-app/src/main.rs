//! The CRM of one customer: API and web app, background worker, migrations.

fn main() {}
