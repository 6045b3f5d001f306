//! What the tests of a cluster run in pods: listens, connects, and says what happened. No dependencies, static.
//!
//! `probe listen 8080…` answers every connection and every datagram at these ports with its own name, until it is
//! ended. `probe tcp|udp host:port` prints the answer and ends with 0, or says why there is none and ends with 1.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream, ToSocketAddrs, UdpSocket};
use std::process::ExitCode;
use std::time::Duration;
use std::{env, io, thread};

/// Two sends of a TCP handshake, one second apart, and some more.
const PATIENCE: Duration = Duration::from_secs(3);

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let result = match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["listen", ports @ ..] if !ports.is_empty() => listen(ports),
        ["tcp", goal] => ask(goal, tcp),
        ["udp", goal] => ask(goal, udp),
        _ => Err(io::Error::other("usage: probe listen PORT… | probe tcp|udp HOST:PORT")),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("probe: {error}");
            ExitCode::FAILURE
        }
    }
}

fn listen(ports: &[&str]) -> io::Result<()> {
    let name = env::var("HOSTNAME").unwrap_or_else(|_| "nobody".to_owned());
    let mut listeners = Vec::new();
    for port in ports {
        let port: u16 = port.parse().map_err(|_| io::Error::other(format!("{port} is not a port")))?;
        let stream = TcpListener::bind(("0.0.0.0", port))?;
        let datagrams = UdpSocket::bind(("0.0.0.0", port))?;
        let (to_streams, to_datagrams) = (name.clone(), name.clone());
        listeners.push(thread::spawn(move || answer_streams(&stream, &to_streams)));
        listeners.push(thread::spawn(move || answer_datagrams(&datagrams, &to_datagrams)));
    }
    for listener in listeners {
        listener.join().map_err(|_| io::Error::other("a listener has panicked"))??;
    }
    Ok(())
}

fn answer_streams(listener: &TcpListener, name: &str) -> io::Result<()> {
    loop {
        let (mut connection, _) = listener.accept()?;
        // Whoever asked may have gone; the next one has not.
        if let Err(error) = connection.write_all(name.as_bytes()) {
            eprintln!("probe: answering: {error}");
        }
    }
}

fn answer_datagrams(socket: &UdpSocket, name: &str) -> io::Result<()> {
    let mut question = [0; 64];
    loop {
        let (_, from) = socket.recv_from(&mut question)?;
        socket.send_to(name.as_bytes(), from)?;
    }
}

fn ask(goal: &str, way: fn(SocketAddr) -> io::Result<String>) -> io::Result<()> {
    let address =
        goal.to_socket_addrs()?.next().ok_or_else(|| io::Error::other("a name without an address"))?;
    let answer = way(address)?;
    println!("{answer}");
    Ok(())
}

fn tcp(address: SocketAddr) -> io::Result<String> {
    let mut connection = TcpStream::connect_timeout(&address, PATIENCE)?;
    connection.set_read_timeout(Some(PATIENCE))?;
    let mut answer = String::new();
    connection.read_to_string(&mut answer)?;
    Ok(answer)
}

fn udp(address: SocketAddr) -> io::Result<String> {
    let socket = UdpSocket::bind(("0.0.0.0", 0))?;
    socket.connect(address)?;
    socket.set_read_timeout(Some(PATIENCE))?;
    socket.send(b"?")?;
    let mut answer = [0; 256];
    let length = socket.recv(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer[..length]).into_owned())
}
