/*
 * rcc_client: pidgin-sipe's plug-in without Pidgin's windows, so that a test or a person at a terminal can
 * drive an independent remote-call-control client.
 *
 *   rcc_client --server HOST:PORT --user ALICE@DOMAIN --dir DIRECTORY [--log FILE] [--plugins DIRECTORY]
 *
 * Standard input takes one command a line:
 *   call NUMBER   call it as the buddy menu entry "Work NUMBER" does (CSTA MakeCall)
 *   quit          sign out and end
 * Standard output tells one state a line:
 *   SIGNED-ON               the home server took the registration
 *   GATEWAY STATUS          systemStatus from the gateway's answer to the INVITE
 *   MONITOR ID              monitorCrossRefID from the answer to MonitorStart
 *   CALL-FREE, CALL-BUSY    whether the menu offers a call; pidgin-sipe offers none while it follows one
 *   CALL-REQUESTED NUMBER   MakeCall was handed to the plug-in; CALL-REFUSED: it offers no call now
 *   CALL-ID ID              callID from the answer to MakeCall
 *   CALL-EVENT NAME DEVICE  the plug-in took this event for its call
 *   REFUSED WHAT            GATEWAY, MONITOR or CALL: a SIP error answered that request
 *   CONNECTION-ERROR TEXT
 *   SIGNED-OUT              the last line
 *
 * Only tests and the lab use it. It is a program of its own because libpurple is under the GPL.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <getopt.h>
#include <libxml/parser.h>
#include <purple.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct {
  const char *server, *user, *dir, *log, *plugins;
} options;

static GMainLoop* loop;
static PurpleAccount* account;
static PurpleBuddy* callee;
static FILE* log_file;
static char last_event[64]; /* root element of the event that the plug-in received last */
static gboolean offered;

/*
 * Debian 12's libxml2 (2.9.14) calls no element callback of a handler that carries the SAX2 magic number
 * without any SAX2 callback, and that is what pidgin-sipe 1.25 passes: every body would be parsed to nothing.
 * Show such a handler as SAX1. The program is linked with -rdynamic, so the plug-in finds this function before
 * libxml2's.
 */
int xmlSAXUserParseMemory(xmlSAXHandlerPtr handler, void* user_data, const char* text, int size) {
  typedef int parse_memory(xmlSAXHandlerPtr, void*, const char*, int);
  static parse_memory* original;
  xmlSAXHandler first_kind;

  if (!original) original = (parse_memory*)dlsym(RTLD_NEXT, "xmlSAXUserParseMemory");
  if (handler && handler->initialized == XML_SAX2_MAGIC && !handler->startElementNs && !handler->endElementNs) {
    first_kind = *handler;
    first_kind.initialized = 1;
    handler = &first_kind;
  }
  return original(handler, user_data, text, size);
}

/* ---- what the plug-in says about itself becomes state lines ---- */

static void set_offered(gboolean now) {
  if (now != offered) printf(now ? "CALL-FREE\n" : "CALL-BUSY\n");
  offered = now;
}

/* Prints the word with what stands behind `after`, if that is in the text. */
static void state_if(const char* text, const char* after, const char* word) {
  const char* at = strstr(text, after);
  if (at) printf("%s %.*s\n", word, (int)strcspn(at + strlen(after), "\r\n"), at + strlen(after));
}

static void refused_if(const char* text, const char* words, const char* what) {
  if (strstr(text, words)) printf("REFUSED %s\n", what);
}

/* The plug-in logs every message whole; of an INFO with an event, keep the event's name for the line that
 * follows. */
static void remember_event(const char* text) {
  const char* info = strstr(text, "\nINFO sip:");
  const char *body, *name;
  size_t size;

  if (!info || !strstr(text, "MESSAGE START <<<<")) return;
  body = strstr(info, "\n\n");
  if (!body) body = strstr(info, "\r\n\r\n");
  if (!body) return;
  name = strchr(body, '<');
  if (name && name[1] == '?') name = strchr(name + 1, '<');
  if (!name) return;
  size = strcspn(++name, " />\r\n");
  g_snprintf(last_event, sizeof last_event, "%.*s", (int)size, name);
}

static void debug_print(PurpleDebugLevel level, const char* category, const char* text) {
  static const char update[] = "update_id_and_status: device_id=(";
  const char* device;

  (void)level;
  if (log_file) {
    fprintf(log_file, "%s: %s", category ? category : "-", text);
    fflush(log_file);
  }
  remember_event(text);
  state_if(text, "gateway_response: gateway_status=", "GATEWAY");
  state_if(text, "monitor_start_response: monitor_cross_ref_id=", "MONITOR");
  state_if(text, "make_call_response: call_id=", "CALL-ID");
  refused_if(text, "Failed to join CSTA", "GATEWAY");
  refused_if(text, "Failed to start monitor", "MONITOR");
  refused_if(text, "Failed to make call", "CALL");
  device = strstr(text, update);
  if (device) {
    device += strlen(update);
    printf("CALL-EVENT %s %.*s\n", last_event, (int)strcspn(device, ")"), device);
    set_offered(FALSE); /* at once: a short call is over before the menu is looked at again */
  }
}

static gboolean debug_enabled(PurpleDebugLevel level, const char* category) {
  (void)level;
  (void)category;
  return TRUE;
}

static PurpleDebugUiOps debug_ops = {.print = debug_print, .is_enabled = debug_enabled};

/* ---- libpurple's event loop on GLib's ---- */

struct watch {
  PurpleInputFunction function;
  gpointer data;
};

static gboolean watch_ready(GIOChannel* channel, GIOCondition ready, gpointer data) {
  struct watch* watch = data;
  PurpleInputCondition condition = 0;

  if (ready & (G_IO_IN | G_IO_HUP | G_IO_ERR)) condition |= PURPLE_INPUT_READ;
  if (ready & (G_IO_OUT | G_IO_HUP | G_IO_ERR)) condition |= PURPLE_INPUT_WRITE;
  watch->function(watch->data, g_io_channel_unix_get_fd(channel), condition);
  return TRUE;
}

static guint watch_add(gint fd, PurpleInputCondition condition, PurpleInputFunction function, gpointer data) {
  struct watch* watch = g_new0(struct watch, 1);
  GIOChannel* channel = g_io_channel_unix_new(fd);
  GIOCondition wanted = G_IO_HUP | G_IO_ERR;
  guint id;

  watch->function = function;
  watch->data = data;
  if (condition & PURPLE_INPUT_READ) wanted |= G_IO_IN;
  if (condition & PURPLE_INPUT_WRITE) wanted |= G_IO_OUT;
  id = g_io_add_watch_full(channel, G_PRIORITY_DEFAULT, wanted, watch_ready, watch, g_free);
  g_io_channel_unref(channel);
  return id;
}

static PurpleEventLoopUiOps loop_ops = {
    .timeout_add = g_timeout_add,
    .timeout_remove = g_source_remove,
    .input_add = watch_add,
    .input_remove = g_source_remove,
    .timeout_add_seconds = g_timeout_add_seconds,
};

/* ---- the buddy menu, through which pidgin-sipe calls ---- */

/* Offers every entry "Work ..." of the menu to `number`; with NULL only looks. Returns whether there was one.
 */
static gboolean work_entry(const char* number) {
  PurpleConnection* connection = purple_account_get_connection(account);
  PurplePluginProtocolInfo* protocol;
  GList *menu, *item;
  gboolean found = FALSE;

  if (!connection || !PURPLE_CONNECTION_IS_CONNECTED(connection)) return FALSE;
  protocol = PURPLE_PLUGIN_PROTOCOL_INFO(purple_connection_get_prpl(connection));
  menu = protocol->blist_node_menu(&callee->node);
  for (item = menu; item; item = item->next) {
    PurpleMenuAction* action = item->data;
    if (!action) continue;
    if (!found && action->label && action->callback && g_str_has_prefix(action->label, "Work ")) {
      found = TRUE;
      /* pidgin-sipe 1.25 frees the text in action->data before the menu is used: pass our own */
      if (number) ((void (*)(PurpleBlistNode*, gpointer))action->callback)(&callee->node, g_strdup(number));
    }
    purple_menu_action_free(action);
  }
  g_list_free(menu);
  return found;
}

static gboolean look_at_menu(gpointer data) {
  (void)data;
  if (purple_account_get_connection(account)) set_offered(work_entry(NULL));
  return TRUE;
}

static void call(const char* number) {
  purple_blist_node_set_string(&callee->node, "phone", number);
  purple_blist_node_remove_setting(&callee->node, "phone-display");
  printf("%s %s\n", work_entry(number) ? "CALL-REQUESTED" : "CALL-REFUSED", number);
}

/* ---- commands and signals ---- */

static void sign_out(void) {
  if (purple_account_get_connection(account)) purple_account_disconnect(account);
  g_main_loop_quit(loop);
}

static gboolean command_ready(GIOChannel* channel, GIOCondition ready, gpointer data) {
  char* line = NULL;

  (void)ready;
  (void)data;
  if (g_io_channel_read_line(channel, &line, NULL, NULL, NULL) != G_IO_STATUS_NORMAL || !line) {
    sign_out();
    return FALSE;
  }
  g_strstrip(line);
  if (g_str_has_prefix(line, "call "))
    call(g_strstrip(line + strlen("call ")));
  else if (!strcmp(line, "quit"))
    sign_out();
  else if (*line)
    printf("UNKNOWN-COMMAND %s\n", line);
  g_free(line);
  return TRUE;
}

static void signed_on(PurpleConnection* connection, gpointer data) {
  (void)connection;
  (void)data;
  printf("SIGNED-ON\n");
}

static void connection_error(PurpleConnection* connection, PurpleConnectionError code, const char* text,
                             gpointer data) {
  (void)connection;
  (void)code;
  (void)data;
  printf("CONNECTION-ERROR %s\n", text);
}

/* ---- start ---- */

static gboolean read_options(int argc, char** argv) {
  static const struct option known[] = {
      {"server", required_argument, NULL, 's'},  {"user", required_argument, NULL, 'u'},
      {"dir", required_argument, NULL, 'd'},     {"log", required_argument, NULL, 'l'},
      {"plugins", required_argument, NULL, 'p'}, {NULL, 0, NULL, 0},
  };
  int letter;

  while ((letter = getopt_long(argc, argv, "", known, NULL)) != -1) {
    if (letter == 's')
      options.server = optarg;
    else if (letter == 'u')
      options.user = optarg;
    else if (letter == 'd')
      options.dir = optarg;
    else if (letter == 'l')
      options.log = optarg;
    else if (letter == 'p')
      options.plugins = optarg;
    else
      return FALSE;
  }
  return optind == argc && options.server && options.user && options.dir;
}

static gboolean start_libpurple(void) {
  purple_util_set_user_dir(options.dir);
  purple_debug_set_ui_ops(&debug_ops);
  purple_eventloop_set_ui_ops(&loop_ops);
  if (options.plugins) purple_plugins_add_search_path(options.plugins);
  if (!purple_core_init("linebridge-rcc-client")) return FALSE;
  purple_debug_set_unsafe(TRUE); /* else the plug-in keeps the messages to itself */
  purple_set_blist(purple_blist_new());
  return purple_find_prpl("prpl-sipe") != NULL;
}

static void sign_in(void) {
  static int handle;

  account = purple_account_new(options.user, "prpl-sipe");
  purple_accounts_add(account);
  purple_account_set_password(account, "not checked by the simulated home server");
  purple_account_set_string(account, "server", options.server);
  purple_account_set_string(account, "transport", "tcp");
  purple_account_set_string(account, "authentication", "ntlm");
  purple_account_set_bool(account, "dont-publish", TRUE);
  callee = purple_buddy_new(account, "sip:callee@example.test", NULL);
  purple_blist_add_buddy(callee, NULL, NULL, NULL);
  purple_blist_node_set_string(&callee->node, "phone", "1"); /* else the menu has nothing to offer */

  purple_signal_connect(purple_connections_get_handle(), "signed-on", &handle, PURPLE_CALLBACK(signed_on),
                        NULL);
  purple_signal_connect(purple_connections_get_handle(), "connection-error", &handle,
                        PURPLE_CALLBACK(connection_error), NULL);
  purple_account_set_enabled(account, "linebridge-rcc-client", TRUE);
  purple_savedstatus_activate(purple_savedstatus_new(NULL, PURPLE_STATUS_AVAILABLE));
}

int main(int argc, char** argv) {
  setvbuf(stdout, NULL, _IOLBF, 0);
  if (!read_options(argc, argv)) {
    fprintf(stderr,
            "usage: %s --server HOST:PORT --user ALICE@DOMAIN --dir DIRECTORY [--log FILE] "
            "[--plugins DIRECTORY]\n",
            argv[0]);
    return 2;
  }
  if (options.log && !(log_file = fopen(options.log, "w"))) {
    perror(options.log);
    return 1;
  }
  if (!start_libpurple()) {
    fprintf(stderr, "rcc_client: libpurple did not start, or it has no plug-in for SIP (pidgin-sipe)\n");
    return 1;
  }
  loop = g_main_loop_new(NULL, FALSE);
  sign_in();
  g_io_add_watch(g_io_channel_unix_new(0), G_IO_IN | G_IO_HUP, command_ready, NULL);
  g_timeout_add(50, look_at_menu, NULL);
  g_main_loop_run(loop);
  purple_core_quit();
  printf("SIGNED-OUT\n");
  return 0;
}
