"""Mail domains where everybody may have an address: they say nothing about where somebody works."""

HOSTS = (
    "gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com ymail.com icloud.com me.com aol.com "
    "proton.me protonmail.com gmx.de gmx.net gmx.at web.de t-online.de freenet.de mail.ru inbox.ru list.ru bk.ru "
    "internet.ru yandex.ru yandex.com ya.ru rambler.ru qq.com foxmail.com 163.com 126.com yeah.net sina.com sina.cn "
    "sohu.com 139.com 189.cn aliyun.com"
)
PUBLIC_DOMAINS = frozenset(HOSTS.split())
