//! A mail server that keeps what it is given: it speaks SMTP, delivers nothing and refuses nobody.

use std::net::Ipv4Addr;

use anyhow::Context;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::net::tcp::OwnedReadHalf;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// A mail as it came: whom it is for, and its lines.
#[derive(Debug)]
pub struct Mail {
    /// The address, as the sender's program gave it.
    pub to: String,
    /// Headers and body, still encoded, each line ended by `\n`.
    pub text: String,
}

/// Starts a mail server on the loopback address; gives its port and what it catches.
pub async fn catcher() -> anyhow::Result<(u16, UnboundedReceiver<Mail>)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.context("binding to a free port")?;
    let port = listener.local_addr()?.port();
    let (caught, mails) = unbounded_channel();
    tokio::spawn(async move {
        if let Err(error) = serve(listener, caught).await {
            eprintln!("the mail server ended: {error:#}");
        }
    });
    Ok((port, mails))
}

/// Answers until nobody listens to what is caught.
pub async fn serve(listener: TcpListener, caught: UnboundedSender<Mail>) -> anyhow::Result<()> {
    loop {
        let (stream, from) = tokio::select! {
            accepted = listener.accept() => accepted.context("accepting a connection")?,
            () = caught.closed() => return Ok(()),
        };
        let caught = caught.clone();
        tokio::spawn(async move {
            // Whoever sent may have gone; the next one has not.
            if let Err(error) = converse(stream, &caught).await {
                eprintln!("a conversation with {from} broke: {error}");
            }
        });
    }
}

/// The server's side of SMTP (RFC 5321), without extensions.
async fn converse(stream: TcpStream, caught: &UnboundedSender<Mail>) -> std::io::Result<()> {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    let mut to = Vec::new();
    write.write_all(b"220 catcher\r\n").await?;
    while let Some(line) = lines.next_line().await? {
        let (command, rest) = line.split_at_checked(4).unwrap_or((&line, ""));
        let answer: &[u8] = match command.to_ascii_uppercase().as_str() {
            "HELO" | "EHLO" | "MAIL" | "RSET" => {
                to.clear();
                b"250 fine\r\n"
            }
            "RCPT" => {
                to.extend(recipient(rest));
                b"250 fine\r\n"
            }
            "DATA" if to.is_empty() => b"503 for whom?\r\n",
            "DATA" => {
                write.write_all(b"354 go on\r\n").await?;
                let text = message(&mut lines).await?;
                for to in to.drain(..) {
                    // Nobody looks any more: the sender's program is answered all the same.
                    let _ = caught.send(Mail { to, text: text.clone() });
                }
                b"250 kept\r\n"
            }
            "NOOP" => b"250 fine\r\n",
            "QUIT" => b"221 bye\r\n",
            _ => b"502 not here\r\n",
        };
        write.write_all(answer).await?;
        if answer.starts_with(b"221") {
            break;
        }
    }
    Ok(())
}

/// The address in ` TO:<ann@example.com>`.
fn recipient(rest: &str) -> Option<String> {
    let (_, behind) = rest.split_once('<')?;
    Some(behind.split_once('>')?.0.to_owned())
}

/// Lines up to one of a single dot; a dot that begins a line was sent twice (section 4.5.2).
async fn message(lines: &mut Lines<BufReader<OwnedReadHalf>>) -> std::io::Result<String> {
    let mut text = String::new();
    loop {
        let line = lines.next_line().await?.ok_or(std::io::ErrorKind::UnexpectedEof)?;
        if line == "." {
            return Ok(text);
        }
        text.push_str(line.strip_prefix('.').unwrap_or(&line));
        text.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::AsyncReadExt;

    #[tokio::test]
    async fn each_recipient_gets_the_mail_and_dots_are_as_they_were_written() {
        let (port, mut mails) = catcher().await.expect("a mail server");
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.expect("connected");
        let said = "EHLO test\r\nMAIL FROM:<crm@example.com>\r\nDATA\r\nRCPT TO:<ann@example.com>\r\n\
                    rcpt to:<bob@example.com> NOTIFY=NEVER\r\nDATA\r\nSubject: x\r\n\r\n..one\r\n.\r\nVRFY ann\r\nQUIT\r\n";
        stream.write_all(said.as_bytes()).await.expect("written");
        let mut answers = String::new();
        stream.read_to_string(&mut answers).await.expect("answers");
        let codes: Vec<&str> = answers.lines().map(|line| &line[..3]).collect();
        assert_eq!(codes, ["220", "250", "250", "503", "250", "250", "354", "250", "502", "221"]);
        for to in ["ann@example.com", "bob@example.com"] {
            let mail = mails.recv().await.expect("a mail");
            assert_eq!((mail.to.as_str(), mail.text.as_str()), (to, "Subject: x\n\n.one\n"));
        }
    }
}
