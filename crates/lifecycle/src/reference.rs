//! The configuration reference of a program, from its command line. Must not know any program.

use std::fmt::Write as _;

/// Every subcommand with its settings as Markdown tables: option, variable, default, meaning.
pub fn reference(command: &clap::Command) -> String {
    let mut text = format!(
        "# Configuration of `{}`\n\nGenerated from the program by `make generate`. A secret `X` is also read from the \
         file that `X_FILE` names, which is what pods use.\n",
        command.get_name()
    );
    table(&mut text, command);
    for subcommand in command.get_subcommands().filter(|subcommand| subcommand.get_name() != "help") {
        let about = subcommand.get_about().map(ToString::to_string).unwrap_or_default();
        let _ = write!(text, "\n## `{} {}`\n\n{about}\n", command.get_name(), subcommand.get_name());
        table(&mut text, subcommand);
    }
    text
}

/// The settings of one command, if it has any.
fn table(text: &mut String, command: &clap::Command) {
    let own = |argument: &&clap::Arg| argument.get_id() != "help" && argument.get_id() != "version";
    let mut rows = command.get_arguments().filter(own).map(row).peekable();
    if rows.peek().is_some() {
        text.push_str("\n| option | variable | default | meaning |\n|---|---|---|---|\n");
        for row in rows {
            let _ = writeln!(text, "{row}");
        }
    }
}

fn row(argument: &clap::Arg) -> String {
    let option = match argument.get_long() {
        Some(long) => format!("`--{long}`"),
        None => format!("`<{}>`", argument.get_id()),
    };
    let variable = argument.get_env().map(|name| format!("`{}`", name.to_string_lossy())).unwrap_or_default();
    let default = match argument.get_default_values() {
        [] if argument.is_required_set() => "required".to_owned(),
        [] => String::new(),
        values => {
            values.iter().map(|value| format!("`{}`", value.to_string_lossy())).collect::<Vec<_>>().join(" ")
        }
    };
    let meaning = argument.get_help().map(ToString::to_string).unwrap_or_default();
    format!("| {option} | {variable} | {default} | {} |", meaning.replace('|', "\\|"))
}
