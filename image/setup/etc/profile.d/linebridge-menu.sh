# On a console an administrator's log-in opens the menu; from there a shell is one number away.
case $- in
  *i*)
    case $(tty) in
      /dev/ttyS[0-9]* | /dev/tty1 | /dev/hvc0)
        if [ -x /usr/bin/linebridge-setup ] && sudo -n -l /usr/bin/linebridge-setup menu >/dev/null 2>&1; then
          # 0: the session is over. Anything else, "Shell" among it, goes on here.
          sudo -n /usr/bin/linebridge-setup menu && exit
          echo "The menu comes back with: sudo linebridge-setup menu"
        fi
        ;;
    esac
    ;;
esac
