//! Accounts as CSV that opens right in a spreadsheet: UTF-8 with a byte order mark, CRLF, no cell that is a formula.

use chrono::SecondsFormat;
use csv::{QuoteStyle, Terminator, Writer, WriterBuilder};

use crate::domain::account::Account;

/// The byte order mark, by which spreadsheets know UTF-8.
pub const BYTE_ORDER_MARK: &str = "\u{feff}";

const COLUMNS: [&str; 11] = [
    "id",
    "name",
    "website",
    "phone",
    "industry",
    "employees",
    "description",
    "owner_id",
    "version",
    "created_at",
    "updated_at",
];

/// The file's beginning: mark and header line.
pub fn header() -> Result<Vec<u8>, csv::Error> {
    let mut writer = writer(BYTE_ORDER_MARK.as_bytes().to_vec());
    writer.write_record(COLUMNS)?;
    finish(writer)
}

/// Lines for a batch of accounts.
pub fn lines(accounts: &[Account]) -> Result<Vec<u8>, csv::Error> {
    let mut writer = writer(Vec::new());
    for account in accounts {
        let Account { id, version, fields, created_at, updated_at } = account;
        let or_empty = |value: &Option<String>| value.as_deref().map(harmless).unwrap_or_default();
        writer.write_record([
            id.to_string(),
            harmless(&fields.name),
            or_empty(&fields.website),
            or_empty(&fields.phone),
            or_empty(&fields.industry),
            fields.employees.map(|number| number.to_string()).unwrap_or_default(),
            or_empty(&fields.description),
            fields.owner_id.map(|id| id.to_string()).unwrap_or_default(),
            version.to_string(),
            created_at.to_rfc3339_opts(SecondsFormat::Millis, true),
            updated_at.to_rfc3339_opts(SecondsFormat::Millis, true),
        ])?;
    }
    finish(writer)
}

fn writer(start: Vec<u8>) -> Writer<Vec<u8>> {
    WriterBuilder::new().terminator(Terminator::CRLF).quote_style(QuoteStyle::Necessary).from_writer(start)
}

fn finish(writer: Writer<Vec<u8>>) -> Result<Vec<u8>, csv::Error> {
    writer.into_inner().map_err(|error| csv::Error::from(std::io::Error::other(error.to_string())))
}

/// Text that a spreadsheet would take for a formula gets a leading apostrophe; the importer removes it.
fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::account::AccountFields;

    fn account(name: &str, phone: &str) -> Account {
        let at = chrono::DateTime::from_timestamp(1_800_000_000, 0).expect("a time");
        let fields =
            AccountFields { name: name.into(), phone: Some(phone.into()), ..AccountFields::default() };
        Account { id: uuid::Uuid::nil(), version: 1, fields, created_at: at, updated_at: at }
    }

    #[test]
    fn formulas_quotes_and_line_ends_are_safe() {
        let bytes = lines(&[account("=cmd|' /C calc'!A0", "+49 30 1"), account("Say \"hi\",\nthen", "@x")]);
        let text = String::from_utf8(bytes.expect("written")).expect("UTF-8");
        let mut records = text.split_inclusive("\r\n");
        let first = records.next().expect("a line");
        assert!(first.contains(",'=cmd|' /C calc'!A0,,'+49 30 1,"), "{first}");
        let second = records.next().expect("a line");
        assert!(second.contains(",\"Say \"\"hi\"\",\nthen\",,'@x,"), "{second}");
        assert!(second.ends_with(",2027-01-15T08:00:00.000Z\r\n"), "{second}");
        assert_eq!(records.next(), None);
    }

    #[test]
    fn the_header_begins_with_the_mark() {
        let header = header().expect("written");
        assert!(header.starts_with(b"\xef\xbb\xbfid,name,"));
        assert!(header.ends_with(b"updated_at\r\n"));
    }
}
