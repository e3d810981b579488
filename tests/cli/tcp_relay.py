"""tcp_relay.py - for paths on loopback (news_path.py, reorder_path.py): the control connections of tests, passed on as they are; and
sockets with room for what a busy machine reads late."""
import socket
import threading


def pump(a, b, look):
    """Until a ends; look() sees what passes."""
    try:
        while data := a.recv(65536):
            look(data)
            b.sendall(data)
    except OSError:
        pass
    for s in (a, b):
        try:
            s.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


def relay(port, to, look=lambda data: None):
    """Connections to a port of loopback lead to another one. look() sees what clients send."""
    listener = socket.create_server(("127.0.0.1", port))

    def accept():
        while True:
            here, _ = listener.accept()
            there = socket.create_connection(("127.0.0.1", to))
            for a, b, see in ((here, there, look), (there, here, lambda data: None)):
                a.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                threading.Thread(target=pump, args=(a, b, see), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()


def datagrams():
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
    return s


def datagrams_at(port):
    s = datagrams()
    s.bind(("127.0.0.1", port))
    return s


def datagrams_to(port):
    s = datagrams()
    s.connect(("127.0.0.1", port))
    return s
