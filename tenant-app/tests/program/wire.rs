//! What arrives on the wire: requests that two parsers could read as two things, and clients that take their time.

use std::time::{Duration, Instant};

use fixtures::instance::HOST;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::pod::{seeded, tenant};

/// Sends bytes as they stand; gives everything that comes back until the server closes or `patience` is over.
async fn exchange(address: &str, bytes: &str, patience: Duration) -> String {
    let mut stream = TcpStream::connect(address).await.expect("connected");
    stream.write_all(bytes.as_bytes()).await.expect("sent");
    let mut answer = Vec::new();
    let _ended_or_not = tokio::time::timeout(patience, stream.read_to_end(&mut answer)).await;
    String::from_utf8_lossy(&answer).into_owned()
}

fn statuses(answer: &str) -> Vec<&str> {
    answer.split("HTTP/1.1 ").skip(1).map(|rest| &rest[..3]).collect()
}

#[tokio::test]
async fn no_request_hides_in_another() {
    let pod = seeded(tenant().await, None).await;
    let serve = pod.start("serve", "0").await;
    let patience = Duration::from_secs(1);
    let post = |headers: &str, body: &str| {
        format!(
            "POST /api/v1/sessions HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: application/json\r\n{headers}\r\n{body}"
        )
    };
    let hidden = format!("GET /api/v1/organisation HTTP/1.1\r\nHost: {HOST}\r\n\r\n");
    // The twin: a plain request is answered, and a second one behind it as well.
    let plain = post("Content-Length: 2\r\n", "{}");
    let answer = exchange(&serve.http, &format!("{plain}{hidden}"), patience).await;
    assert_eq!(statuses(&answer), ["422", "200"], "{answer}");

    for (what, headers, body) in [
        ("two lengths", "Content-Length: 2\r\nContent-Length: 40\r\n", "{}"),
        ("a length with a sign", "Content-Length: +2\r\n", "{}"),
        ("an unknown encoding", "Transfer-Encoding: identity\r\n", "{}"),
        ("chunked that is not the last", "Transfer-Encoding: chunked, identity\r\n", "0\r\n\r\n"),
        ("a name with a space", "Content-Length : 2\r\n", "{}"),
        ("a folded line", "X-One: a\r\n b\r\nContent-Length: 2\r\n", "{}"),
        ("a line without a name", ": x\r\nContent-Length: 2\r\n", "{}"),
        ("a chunk's length that is no number", "Transfer-Encoding: chunked\r\n", "0x2\r\n{}\r\n0\r\n\r\n"),
    ] {
        let answer = exchange(&serve.http, &format!("{}{hidden}", post(headers, body)), patience).await;
        assert!(!statuses(&answer).contains(&"200"), "{what}: what hid behind it was answered: {answer}");
        assert!(matches!(statuses(&answer)[..], [] | ["400" | "422"]), "{what}: {answer}");
    }
    // RFC 9112, 6.3: both a length and an encoding. The encoding counts, or nothing is read; never the length.
    let both = post("Content-Length: 60\r\nTransfer-Encoding: chunked\r\n", "2\r\n{}\r\n0\r\n\r\n");
    let answer = exchange(&serve.http, &both, patience).await;
    assert!(matches!(statuses(&answer)[..], ["400" | "422"]), "{answer}");
}

#[tokio::test]
async fn slow_clients_are_let_go_and_keep_nobody_waiting() {
    const SLOW: usize = 200;
    let pod = seeded(tenant().await, None).await;
    let serve = pod.start("serve", "0").await;
    let mut slow = Vec::new();
    for number in 0..SLOW {
        let mut stream = TcpStream::connect(&serve.http).await.expect("connected");
        // Half of them stop in the head, the others in the body.
        let said = if number % 2 == 0 {
            format!("POST /api/v1/sessions HTTP/1.1\r\nHost: {HOST}\r\nX-Slow: ")
        } else {
            format!(
                "POST /api/v1/sessions HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{{"
            )
        };
        stream.write_all(said.as_bytes()).await.expect("sent");
        slow.push(stream);
    }
    let client = reqwest::Client::new();
    for _ in 0..20 {
        let request = client.get(format!("http://{}/api/v1/organisation", serve.http)).header("host", HOST);
        let answer = tokio::time::timeout(Duration::from_secs(5), request.send()).await;
        assert_eq!(answer.expect("nobody waits for the slow").expect("answered").status(), 200);
    }
    let started = Instant::now();
    for mut stream in slow {
        let mut answer = Vec::new();
        let read = tokio::time::timeout(Duration::from_mins(1), stream.read_to_end(&mut answer)).await;
        read.expect("a slow client is let go")
            .map_or_else(|error| assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset), |_| ());
    }
    println!("{SLOW} slow clients were let go after {:?}", started.elapsed());
}
